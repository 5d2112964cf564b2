// Sends the key; nothing of it stays in the page.
const form = document.querySelector("form");
const answer = document.getElementById("answer");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const field = document.getElementById("key");
  // The whole link may be pasted as well.
  const pasted = field.value.trim();
  const token = pasted.includes("token=") ? pasted.split("token=")[1].split("&")[0] : pasted;
  answer.textContent = "";
  try {
    const response = await fetch("/login", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Vigie": "1" },
      body: JSON.stringify({ token }),
    });
    if (response.ok) {
      location.replace("/");
      return;
    }
    const said = await response.json().catch(() => ({}));
    answer.textContent = said.text ?? String(response.status);
  } catch {
    answer.textContent = "—";
  }
  field.value = "";
  field.focus();
});
