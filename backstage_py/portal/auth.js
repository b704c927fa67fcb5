/** Signing in and out, in the browser. */
import { createElement, Fragment, useEffect } from "react";
import { captureSignOut, SignInCapture } from "$/utils/backstage_py/sign_in";

const channel =
  typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("backstage_py.user");

/** Shows the portal to signed-in users; empty until the server has identified the user. */
export function SignInGate({ isKnown, user, children }) {
  useSameUserInAllTabs(isKnown, user);
  const shown = isKnown && user ? children : null;
  return createElement(Fragment, null, createElement(SignInCapture, { user }), shown);
}

/** Reloads the other tabs of this browser after a sign-in or sign-out in this one. */
function useSameUserInAllTabs(isKnown, user) {
  useEffect(() => {
    if (!channel || !isKnown) return undefined;
    const follow = ({ data }) => {
      if (data.user !== user) window.location.reload();
    };
    channel.addEventListener("message", follow);
    channel.postMessage({ user });
    return () => channel.removeEventListener("message", follow);
  }, [isKnown, user]);
}

/** A form that the browser submits itself, for example to download a file. */
export function PostForm({ action, children }) {
  return createElement("form", { action, method: "post" }, children);
}

/**
 * A form that signs out. The response has the provider's sign-out address, if there is one. A form
 * may not be redirected to another site, so the page navigates there itself.
 */
export function SignOutForm({ children }) {
  const signOut = async (event) => {
    event.preventDefault();
    const form = event.currentTarget;
    const headers = { Accept: "application/json" };
    captureSignOut(); // while it is still this person's
    try {
      const answer = await fetch(form.action, { method: "POST", headers });
      if (!answer.ok) throw new Error(`sign-out: ${answer.status}`);
      const { redirect } = await answer.json();
      channel?.postMessage({ user: "" });
      window.location.assign(redirect);
    } catch {
      form.submit();
    }
  };
  return createElement(
    "form",
    { action: "/api/auth/sign-out", method: "post", onSubmit: signOut },
    children,
  );
}
