/**
 * Signing in and out, as events; loaded only by apps with a sign-in page.
 *
 * Behaves as SignInPage of @backstage/core-components 0.18.16 (layout).
 */
import { useEffect, useState } from "react";
import { SIGN_IN_CONTEXT } from "./dialect";
import { awaitSignIn, signedIn } from "./navigation";
import { createTracker } from "./tracker";

const tracker = createTracker(SIGN_IN_CONTEXT);
let isIn = false;

/** Captures `signIn` once per load, when there is a user; goes beside the content that sign-in protects. */
export function SignInCapture({ user }) {
  useState(awaitSignIn);
  useEffect(() => {
    if (!user || isIn) return;
    isIn = true;
    tracker.captureEvent("signIn", "success");
    signedIn();
  }, [user]);
  return null;
}

export const captureSignOut = () => tracker.captureEvent("signOut", "success");
