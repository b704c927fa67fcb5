/**
 * The log of a task, as it is written.
 *
 * Asks for what is new since the last line when the page is told that the task has changed, while
 * there is more, and now and then in any case; until the task has ended, or one leaves. The end of the log stays in sight unless one has scrolled away from it.
 */
import { createElement as h, useEffect, useLayoutEffect, useRef, useState } from "react";

const QUICKLY_MILLISECONDS = 100;
const SLOWLY_MILLISECONDS = 5000;
const MOST_LINES = 5000;

async function read(taskId, after, signal) {
  const path = `/api/scaffolder/v2/tasks/${encodeURIComponent(taskId)}/events?after=${after}`;
  const answer = await fetch(path, { signal });
  if (!answer.ok) throw new Error(`The log cannot be read (HTTP ${answer.status}).`);
  return answer.json();
}

function useLog(taskId, round, looks) {
  const [lines, setLines] = useState([]);
  const [problem, setProblem] = useState("");
  const last = useRef(0);
  useEffect(() => {
    last.current = 0;
    setLines([]);
  }, [taskId]);
  useEffect(() => {
    const aborter = new AbortController();
    let timer;
    const look = async () => {
      let events = [];
      try {
        events = await read(taskId, last.current, aborter.signal);
        setProblem("");
      } catch (error) {
        if (aborter.signal.aborted) return;
        setProblem(error.message);
      }
      if (aborter.signal.aborted) return;
      const found = events.filter(({ type }) => type === "log");
      if (found.length) {
        last.current = found.at(-1).id;
        setLines((known) => [...known, ...found].slice(-MOST_LINES));
      }
      const hasEnded = events.some(({ type }) => type === "completion");
      if (!hasEnded)
        timer = setTimeout(look, found.length ? QUICKLY_MILLISECONDS : SLOWLY_MILLISECONDS);
    };
    look();
    return () => {
      aborter.abort();
      clearTimeout(timer);
    };
  }, [taskId, round, looks]);
  return { lines, problem };
}

const timeOf = (line) => new Date(line.createdAt).toLocaleTimeString([], { hour12: false });

export function TaskLog({ taskId, round, looks }) {
  const { lines, problem } = useLog(taskId, round, looks);
  const box = useRef(null);
  const isAtEnd = useRef(true);
  useLayoutEffect(() => {
    if (isAtEnd.current && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [lines]);
  const scroll = ({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
    isAtEnd.current = scrollHeight - scrollTop - clientHeight < 40;
  };
  return h(
    "div",
    {
      className: "bp-scaffolder-log",
      ref: box,
      onScroll: scroll,
      tabIndex: 0,
      role: "log",
      "aria-label": "Log of the task",
    },
    lines.length === MOST_LINES &&
      h("p", { className: "bp-scaffolder-log-note" }, `Only the last ${MOST_LINES} lines are shown.`),
    lines.map((line) =>
      h(
        "div",
        { key: line.id, className: "bp-scaffolder-log-line", "data-level": line.body.level ?? "info" },
        h("time", { dateTime: line.createdAt }, timeOf(line)),
        h("span", { className: "bp-scaffolder-log-step" }, line.body.stepId ?? ""),
        h("span", { className: "bp-scaffolder-log-text" }, line.body.message),
      ),
    ),
    !lines.length &&
      !problem &&
      h("p", { className: "bp-scaffolder-log-note" }, "Nothing has been written yet."),
    problem && h("p", { className: "bp-scaffolder-log-note", role: "alert" }, problem),
  );
}
