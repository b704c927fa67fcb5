/** Words that the Google, Matomo and New Relic modules of Backstage share. */

/** The extension that an event happened in. */
export const categoryOf = ({ context }) => String(context.extensionId || context.extension || "App");

/** Whether it is the navigation of the app itself, and not of a part of it. */
export const isPageView = (event) =>
  event.action === "navigate" && categoryOf(event).toLowerCase().startsWith("app");
