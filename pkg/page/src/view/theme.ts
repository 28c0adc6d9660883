// Light or dark, before anything is drawn. The choice is all that the page ever stores.

const KEY = "hookwarden-theme";

function stored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

const chosen = stored();
if (chosen === "light" || chosen === "dark") document.documentElement.dataset["theme"] = chosen;

document.addEventListener("DOMContentLoaded", () => {
  const button = document.getElementById("theme");
  button?.addEventListener("click", () => {
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    const { dataset } = document.documentElement;
    const now = dataset["theme"] ?? (dark ? "dark" : "light");
    const next = now === "dark" ? "light" : "dark";
    dataset["theme"] = next;
    try {
      localStorage.setItem(KEY, next);
    } catch {
      // Where storage is closed, the choice lasts as long as the page.
    }
  });
});
