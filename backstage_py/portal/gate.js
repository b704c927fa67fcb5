/** Shows the portal to who is signed in; nothing until the server has said who it is. */
export function SignInGate({ isKnown, user, signIn, children }) {
  if (!isKnown) return null;
  return user ? children : signIn;
}
