/**
 * A template's form, page by page, then the answers to review.
 *
 * What is filled in stays in the browser until one creates. Secrets are kept beside the values.
 */
import { createElement as h, useEffect, useMemo, useRef, useState } from "react";
import { RichDescription } from "@rjsf/core";
import { dropHidden, dropSecrets, reviewPage } from "./form_values.js";
import Icon from "./form_icon.js";
import { SchemaForm } from "./schema_form.js";

function Stepper({ titles, current, onGo }) {
  return h(
    "ol",
    { className: "bp-stepper", "aria-label": "Steps" },
    titles.map((title, index) => {
      const isDone = index < current;
      const mark = h("span", { className: "bp-stepper-mark", "aria-hidden": true }, isDone ? h(Icon, { name: "check" }) : index + 1);
      return h(
        "li",
        {
          key: index,
          "data-state": isDone ? "done" : index === current ? "current" : "ahead",
          "aria-current": index === current ? "step" : undefined,
        },
        isDone
          ? h("button", { type: "button", onClick: () => onGo(index) }, mark, h("span", null, title))
          : h("span", { className: "bp-stepper-step" }, mark, h("span", null, title)),
      );
    }),
  );
}

function Review({ pages, values }) {
  const filled = pages.map((page) => ({ page, answers: reviewPage(page, values) })).filter(({ answers }) => answers.length);
  if (!filled.length) return h("p", { className: "bp-muted" }, "There is nothing to fill in: it can be created as it is.");
  return filled.map(({ page, answers }, index) =>
    h(
      "section",
      { key: index, className: "bp-review" },
      filled.length > 1 && h("h3", null, page.title),
      h(
        "dl",
        null,
        answers.map(({ name, title, text }, order) =>
          h("div", { key: `${name}-${order}` }, h("dt", null, title), h("dd", null, text || "–")),
        ),
      ),
    ),
  );
}

/** Links in descriptions open beside the form, so that nothing filled in is lost. */
function openBeside(event, onLink) {
  const link = event.target.closest?.("a[href]");
  if (!link) return;
  event.preventDefault();
  if (!/^https?:$/.test(link.protocol)) return;
  const to = link.getAttribute("href");
  onLink(link.textContent.trim() || to, to);
  window.open(link.href, "_blank", "noopener");
}

export default function Wizard({
  pages,
  labels,
  initial,
  user,
  ownerRefs,
  problems,
  ticket,
  isBusy,
  canDryRun,
  onNext,
  onCreate,
  onDryRun,
  onLink,
}) {
  const [step, setStep] = useState(0);
  const [values, setValues] = useState(initial ?? {});
  const [settled, setSettled] = useState([]);
  const secrets = useRef({});
  const heading = useRef(null);
  const hasMoved = useRef(false);
  const context = useMemo(() => ({ user, ownerRefs, secrets: secrets.current }), [user, ownerRefs]);
  const titles = [...pages.map((page) => page.title), "Review"];
  const isReview = step >= pages.length;
  const page = pages[step];
  const open = useMemo(
    () => problems.filter((one) => !settled.includes(`${ticket}/${one.page}`)),
    [problems, settled, ticket],
  );
  const own = useMemo(() => open.filter((one) => one.page === step), [open, step]);

  const go = (index) => {
    hasMoved.current = true;
    setStep(index);
  };
  useEffect(() => {
    if (problems.length) go(Math.min(problems[0].page, pages.length));
  }, [ticket]);
  useEffect(() => {
    if (!hasMoved.current) return;
    const isTaken = document.activeElement?.closest(".bp-wizard .bp-form-field");
    if (!isTaken) heading.current?.focus({ preventScroll: true });
    heading.current?.closest(".bp-wizard")?.scrollIntoView({ block: "start" });
  }, [step]);

  const submit = (data, schemaUtils) => {
    const kept = dropHidden({ ...values, ...data }, page.schema, schemaUtils.retrieveSchema(page.schema, data));
    setValues(kept);
    setSettled((now) => [...now, `${ticket}/${step}`]);
    go(step + 1);
    onNext(step + 1);
  };

  const back = h(
    "button",
    { type: "button", className: "bp-button", disabled: step === 0 || isBusy, onClick: () => go(step - 1) },
    labels.back_text,
  );
  const title = titles[Math.min(step, pages.length)];
  const head = h(
    "div",
    { className: "bp-wizard-head" },
    h("p", { className: "bp-muted bp-wizard-count" }, `Step ${step + 1} of ${titles.length}`),
    h("h2", { ref: heading, tabIndex: -1 }, isReview ? "Review and create" : title),
  );
  const body = isReview
    ? h(
        "div",
        { className: "bp-wizard-review" },
        h(Review, { pages, values }),
        h(
          "div",
          { className: "bp-actions bp-wizard-foot" },
          back,
          h("span", { className: "bp-space" }),
          canDryRun &&
            h(
              "button",
              {
                type: "button",
                className: "bp-button",
                disabled: isBusy,
                onClick: () => onDryRun(dropSecrets(pages, values), secrets.current),
              },
              "Dry run",
            ),
          h(
            "button",
            {
              type: "button",
              className: "bp-button bp-primary",
              disabled: isBusy,
              "aria-busy": isBusy,
              onClick: () => onCreate(dropSecrets(pages, values), secrets.current),
            },
            labels.create_text,
          ),
        ),
      )
    : h(
        SchemaForm,
        { key: step, page, values, problems: own, context, onChange: (data) => setValues((now) => ({ ...now, ...data })), onSubmit: submit },
        h(
          "div",
          { className: "bp-actions bp-wizard-foot" },
          back,
          h("span", { className: "bp-space" }),
          h(
            "button",
            { type: "submit", className: "bp-button bp-primary" },
            step === pages.length - 1 ? labels.review_text : "Next",
          ),
        ),
      );
  return h(
    "div",
    { className: "bp-wizard", onClick: (event) => openBeside(event, onLink) },
    h(Stepper, { titles, current: step, onGo: go }),
    h("div", { className: "bp-card bp-wizard-card" }, head, !isReview && page.description && h(Description, { text: page.description }), body),
  );
}

const PLAIN = { globalUiOptions: {} };
const MARKDOWN = { "ui:enableMarkdownInDescription": true };

function Description({ text }) {
  return h(
    "div",
    { className: "bp-markdown bp-form-description" },
    h(RichDescription, { description: text, registry: PLAIN, uiSchema: MARKDOWN }),
  );
}
