/** Signing in and out, in the browser. */
import { createElement } from "react";

/** Shows the portal to who is signed in; nothing until the server has said who it is. */
export function SignInGate({ isKnown, user, signIn, children }) {
  if (!isKnown) return null;
  return user ? children : signIn;
}

/** A form that the browser posts by itself: the answer's cookie starts or ends a session. */
export function PostForm({ action, children }) {
  return createElement("form", { action, method: "post" }, children);
}
