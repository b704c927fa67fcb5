/** Tabs from the sets of pymdownx.tabbed (WAI-ARIA, pattern Tabs). */

let count = 0;

function choose(tabs, panels, chosen) {
  tabs.forEach((tab, index) => {
    tab.setAttribute("aria-selected", String(index === chosen));
    tab.tabIndex = index === chosen ? 0 : -1;
    panels[index].hidden = index !== chosen;
  });
}

const STEPS = { ArrowLeft: -1, ArrowRight: 1 };

function makeSet(set) {
  const list = set.querySelector(":scope > .tabbed-labels");
  const panels = [...set.querySelectorAll(":scope > .tabbed-content > .tabbed-block")];
  const labels = list ? [...list.children] : [];
  if (!labels.length || labels.length !== panels.length) return;
  count += 1;
  const tabs = labels.map((label, index) => {
    const tab = document.createElement("button");
    tab.type = "button";
    tab.setAttribute("role", "tab");
    tab.id = `docs-tab-${count}-${index}`;
    tab.textContent = label.textContent;
    panels[index].id = `docs-panel-${count}-${index}`;
    panels[index].setAttribute("role", "tabpanel");
    panels[index].setAttribute("aria-labelledby", tab.id);
    tab.setAttribute("aria-controls", panels[index].id);
    tab.addEventListener("click", () => choose(tabs, panels, index));
    return tab;
  });
  list.setAttribute("role", "tablist");
  list.replaceChildren(...tabs);
  list.addEventListener("keydown", (event) => {
    const here = tabs.indexOf(document.activeElement);
    const next = (here + (STEPS[event.key] ?? 0) + tabs.length) % tabs.length;
    if (here < 0 || next === here) return;
    event.preventDefault();
    choose(tabs, panels, next);
    tabs[next].focus();
  });
  choose(tabs, panels, 0);
}

export function makeTabs(article) {
  article.querySelectorAll(".tabbed-set").forEach(makeSet);
}
