/** The ways to sign in; each leads back to the current address. */
import { createElement, useEffect } from "react";
import { useLocation } from "react-router";

function useAddress() {
  const { pathname, search, hash } = useLocation();
  return `${pathname}${search}${hash}`;
}

const startOf = (provider, back) =>
  `/api/auth/${encodeURIComponent(provider)}/start?redirect=${encodeURIComponent(back)}`;

/** Sends the browser to a provider. */
export function SignInLink({ provider, children, ...rest }) {
  return createElement("a", { ...rest, href: startOf(provider, useAddress()) }, children);
}

/** Signs in the guest. */
export function GuestForm({ children, ...rest }) {
  const redirect = createElement("input", { type: "hidden", name: "redirect", value: useAddress() });
  return createElement("form", { ...rest, action: "/api/auth/guest", method: "post" }, redirect, children);
}

/** Signs in without a click if a proxy identifies the person. */
export function AutomaticSignIn({ provider }) {
  const back = useAddress();
  useEffect(() => window.location.replace(startOf(provider, back)), [provider, back]);
  return null;
}
