/**
 * The current address, for marking links as current. Empty while React takes over the
 * prerendered page: that one may stand for many addresses, and React does not fix
 * attributes that differ from it.
 */
import { useSyncExternalStore } from "react";
import { useLocation } from "react-router";

const never = () => () => {};

export function useCurrentPath() {
  const { pathname } = useLocation();
  const isHydrated = useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
  return isHydrated ? pathname : "";
}
