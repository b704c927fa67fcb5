/** Signing in and out, in the browser. */
import { createElement, Fragment, useEffect } from "react";
import { captureSignOut, SignInCapture } from "$/utils/backstage_py/sign_in";

const channel =
  typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("backstage_py.user");

/** Shows the portal to signed-in users; nothing until the server has said who it is. */
export function SignInGate({ isKnown, user, children }) {
  useSameUserInAllTabs(isKnown, user);
  const shown = isKnown && user ? children : null;
  return createElement(Fragment, null, createElement(SignInCapture, { user }), shown);
}

/** Loads the other tabs of this browser again when somebody signs in or out in this one. */
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

/** A form that the browser posts by itself, as for a file to download. */
export function PostForm({ action, children }) {
  return createElement("form", { action, method: "post" }, children);
}

/**
 * A form that signs out. The answer says where: at the provider too, if it offers that. A form
 * may not be redirected to another site, so the page goes there by itself.
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
