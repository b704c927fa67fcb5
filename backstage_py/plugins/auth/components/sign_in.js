/** The ways into the portal; each leads back to the address that one was at. */
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

/** Lets a guest in. */
export function GuestForm({ children, ...rest }) {
  const redirect = createElement("input", { type: "hidden", name: "redirect", value: useAddress() });
  return createElement("form", { ...rest, action: "/api/auth/guest", method: "post" }, redirect, children);
}

/** Signs in without a click where a proxy says who it is. */
export function AutomaticSignIn({ provider }) {
  const back = useAddress();
  useEffect(() => window.location.replace(startOf(provider, back)), [provider, back]);
  return null;
}
