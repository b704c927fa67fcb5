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
    { className: "bp-scaffolder-stepper", "aria-label": "Steps" },
    titles.map((title, index) => {
      const isDone = index < current;
      const mark = h(
        "span",
        { className: "bp-scaffolder-stepper-mark", "aria-hidden": true },
        isDone ? h(Icon, { name: "check" }) : index + 1,
      );
      return h(
        "li",
        {
          key: index,
          "data-state": isDone ? "done" : index === current ? "current" : "ahead",
          "aria-current": index === current ? "step" : undefined,
        },
        isDone
          ? h(
              "button",
              { type: "button", onClick: () => onGo(index) },
              mark,
              h("span", null, title),
            )
          : h("span", { className: "bp-scaffolder-stepper-step" }, mark, h("span", null, title)),
      );
    }),
  );
}

function Review({ pages, values }) {
  const filled = pages
    .map((page) => ({ page, answers: reviewPage(page, values) }))
    .filter(({ answers }) => answers.length);
  if (!filled.length) {
    const what = pages.length ? "Nothing is filled in" : "There is nothing to fill in";
    return h("p", { className: "bp-muted" }, `${what}: it can be created as it is.`);
  }
  return filled.map(({ page, answers }, index) =>
    h(
      "section",
      { key: index, className: "bp-scaffolder-review" },
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

function Actions({ isFirst, isBusy, backText, onBack, children }) {
  const back = {
    type: "button",
    className: "bp-button",
    disabled: isFirst || isBusy,
    onClick: onBack,
  };
  return h(
    "div",
    { className: "bp-actions bp-scaffolder-wizard-foot" },
    h("button", back, backText),
    h("span", { className: "bp-scaffolder-space" }),
    children,
  );
}

function Button({ text, isPrimary = false, isBusy = false, ...props }) {
  const className = isPrimary ? "bp-button bp-primary" : "bp-button";
  return h("button", { type: "button", className, disabled: isBusy, ...props }, text);
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
  canCreate,
  canDryRun,
  onNext,
  onCreate,
  onDryRun,
  onLink,
}) {
  const [step, setStep] = useState(0);
  const [values, setValues] = useState(() => dropSecrets(pages, initial ?? {}));
  const [settled, setSettled] = useState([]);
  const secrets = useRef({});
  const heading = useRef(null);
  const hasMoved = useRef(false);
  const context = useMemo(() => ({ user, ownerRefs, secrets: secrets.current }), [user, ownerRefs]);
  const titles = [...pages.map((page) => page.title), "Review"];
  const isReview = step >= pages.length;
  const page = pages[step];
  const own = useMemo(
    () => problems.filter((one) => one.page === step && !settled.includes(`${ticket}/${step}`)),
    [problems, settled, ticket, step],
  );

  const go = (index) => {
    hasMoved.current = true;
    setStep(index);
  };
  useEffect(() => {
    if (problems.length) go(Math.min(problems[0].page, pages.length));
  }, [ticket]);
  useEffect(() => {
    if (!hasMoved.current) return;
    const isTaken = document.activeElement?.closest(".bp-scaffolder-wizard .bp-scaffolder-form-field");
    if (!isTaken) heading.current?.focus({ preventScroll: true });
    heading.current?.closest(".bp-scaffolder-wizard")?.scrollIntoView({ block: "start" });
  }, [step]);

  const submit = (data, schemaUtils) => {
    const shown = schemaUtils.retrieveSchema(page.schema, data);
    setValues(dropHidden({ ...values, ...data }, page.schema, shown));
    setSettled((now) => [...now, `${ticket}/${step}`]);
    go(step + 1);
    onNext(step + 1);
  };
  const send = (handler) => () => handler(dropSecrets(pages, values), secrets.current);

  const back = {
    isFirst: step === 0,
    isBusy,
    backText: labels.back_text,
    onBack: () => go(step - 1),
  };
  const review = h(
    "div",
    { className: "bp-scaffolder-wizard-review" },
    h(Review, { pages, values }),
    h(
      Actions,
      back,
      canDryRun && h(Button, { text: "Dry run", isBusy, onClick: send(onDryRun) }),
      canCreate &&
        h(Button, { text: labels.create_text, isPrimary: true, isBusy, onClick: send(onCreate) }),
    ),
  );
  const form = () =>
    h(
      SchemaForm,
      {
        key: step,
        page,
        values,
        problems: own,
        context,
        onChange: (data) => setValues((now) => ({ ...now, ...data })),
        onSubmit: submit,
      },
      h(
        Actions,
        back,
        h(Button, {
          text: step === pages.length - 1 ? labels.review_text : "Next",
          isPrimary: true,
          type: "submit",
        }),
      ),
    );
  return h(
    "div",
    { className: "bp-scaffolder-wizard", onClick: (event) => openBeside(event, onLink) },
    h(Stepper, { titles, current: step, onGo: go }),
    h(
      "div",
      { className: "bp-card bp-scaffolder-wizard-card" },
      h(
        "div",
        { className: "bp-scaffolder-wizard-head" },
        h(
          "p",
          { className: "bp-muted bp-scaffolder-wizard-count" },
          `Step ${Math.min(step + 1, titles.length)} of ${titles.length}`,
        ),
        h("h2", { ref: heading, tabIndex: -1 }, isReview ? (canCreate ? "Review and create" : "Review") : page.title),
      ),
      !isReview && page.description && h(Description, { text: page.description }),
      isReview ? review : form(),
    ),
  );
}

const PLAIN = { globalUiOptions: {} };
const MARKDOWN = { "ui:enableMarkdownInDescription": true };

function Description({ text }) {
  return h(
    "div",
    { className: "bp-markdown bp-scaffolder-form-description" },
    h(RichDescription, { description: text, registry: PLAIN, uiSchema: MARKDOWN }),
  );
}
