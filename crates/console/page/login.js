// Signs in. Without this script the form does the same.
const form = document.querySelector("form");
const field = document.getElementById("token");
field.focus();
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const said = document.getElementById("said");
  said.textContent = "";
  try {
    const answer = await fetch("/login", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Vigie": "1" },
      body: JSON.stringify({ token: field.value.trim() }),
    });
    if (answer.ok) {
      location.replace("/");
      return;
    }
    const error = await answer.json().catch(() => null);
    said.textContent = error?.text ?? String(answer.status);
  } catch (problem) {
    said.textContent = String(problem.message);
  }
  field.select();
});
