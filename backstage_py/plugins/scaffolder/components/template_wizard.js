/** The wizard of a template; the form library is loaded when needed. */
import { createElement, lazy, Suspense } from "react";

const Wizard = lazy(() => import("./wizard.js"));

export function TemplateWizard(props) {
  const wait = createElement("div", {
    className: "bp-skeletons bp-scaffolder-wizard-wait",
    role: "status",
    "aria-label": "Loading",
  });
  return createElement(
    Suspense,
    { fallback: wait },
    createElement(Wizard, { ...props, key: props.visit }),
  );
}
