/** Terms that Backstage's modules for Google, Matomo and New Relic share. */

/** The category of an event: the extension it happened in. */
export const categoryOf = ({ context }) => String(context.extensionId || context.extension || "App");

/** Whether it is the navigation of the app itself, and not of a part of it. */
export const isPageView = (event) =>
  event.action === "navigate" && categoryOf(event).toLowerCase().startsWith("app");
