// Finds posts in the index that the build writes. Every word must be there; a title counts more than
// a text, and a whole word more than its beginning. The index is fetched at the first key.
const form = document.querySelector("form.search");
const found = document.getElementById("found");
const input = form.elements.namedItem("q");
const MOST = 20;
const AROUND = 90;

let asked;
const index = () => (asked ??= fetch(form.dataset.index).then((answer) => answer.json()));

const plain = (text) => (text ?? "").normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function score(post, words) {
  const [title, body] = [plain(post.title), plain(`${post.description ?? ""} ${post.body ?? ""}`)];
  let sum = 0;
  for (const word of words) {
    const at = (text) => text.split(/[^\p{L}\p{N}]+/u).some((one) => one === word);
    const worth = title.includes(word) ? (at(title) ? 20 : 10) : body.includes(word) ? (at(body) ? 4 : 2) : 0;
    if (!worth) return 0;
    sum += worth;
  }
  return sum;
}

function passage(post, words) {
  const text = (post.body || post.description || "").replace(/\s+/g, " ");
  const low = text.toLowerCase();
  const first = Math.min(...words.map((word) => low.indexOf(word)).filter((at) => at >= 0));
  // From the beginning of a word to the end of one.
  const from = Number.isFinite(first) && first > AROUND ? text.indexOf(" ", first - AROUND) + 1 : 0;
  const end = from + 2 * AROUND < text.length ? text.lastIndexOf(" ", from + 2 * AROUND) : text.length;
  return (from ? "… " : "") + text.slice(from, end) + (end < text.length ? " …" : "");
}

// Marks the words without ever reading text as HTML.
function marked(text, words) {
  const line = document.createElement("p");
  const pattern = new RegExp(`(${words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})`, "giu");
  text.split(pattern).forEach((part, at) => {
    const piece = at % 2 ? document.createElement("mark") : document.createTextNode("");
    piece.textContent = part;
    line.append(piece);
  });
  return line;
}

async function search() {
  const words = plain(input.value).split(/\s+/).filter(Boolean);
  history.replaceState(null, "", words.length ? `?q=${encodeURIComponent(input.value)}` : location.pathname);
  if (!words.length) return found.replaceChildren();
  const posts = (await index()).map((post) => [score(post, words), post]).filter(([worth]) => worth > 0);
  posts.sort(([a], [b]) => b - a);
  const list = posts.slice(0, MOST).map(([, post]) => {
    const entry = document.createElement("article");
    const heading = entry.appendChild(document.createElement("h2"));
    const link = heading.appendChild(document.createElement("a"));
    link.href = post.url;
    link.textContent = post.title || post.url;
    entry.append(marked(passage(post, words), words));
    return entry;
  });
  if (!list.length) {
    const none = document.createElement("p");
    none.className = "empty";
    none.textContent = form.dataset.none;
    list.push(none);
  }
  found.replaceChildren(...list);
}

form.hidden = false;
form.addEventListener("submit", (event) => event.preventDefault());
input.addEventListener("input", search);
input.value = new URLSearchParams(location.search).get("q") ?? "";
if (input.value) search();
else input.focus();
