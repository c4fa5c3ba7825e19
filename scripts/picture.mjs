// Opens the real window on a virtual display, waits until editor and preview show a page, and
// leaves a picture: node scripts/picture.mjs BINARY ARGUMENT FILE. Ends what it started.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const [binary, argument, file] = process.argv.slice(2)
const PATIENCE = 90_000
const started = []

/** Starts a program in a process group of its own, so that all of it can be ended. */
function start(program, args, options) {
  const child = spawn(program, args, { detached: true, ...options })
  child.on('error', (error) => fail(`cannot start ${program}: ${error.message}`))
  started.push(child)
  return child
}

function endAll() {
  for (const child of started.reverse()) {
    try {
      process.kill(-child.pid, 'SIGTERM')
    } catch {
      // It has ended already.
    }
  }
}

function fail(message) {
  console.error(`galley: ${message}`)
  endAll()
  process.exit(2)
}

/** Xvfb picks a free display itself and writes its number. */
function display() {
  return new Promise((resolve) => {
    const server = start('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x800x24', '-nolisten', 'tcp'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    })
    let text = ''
    server.stdio[3].on('data', (chunk) => {
      text += chunk
      if (text.includes('\n')) resolve(`:${text.trim()}`)
    })
    server.on('exit', () => fail('the virtual display did not start'))
  })
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}

/** Asks until the answer is there; what is asked may fail until then. */
async function until(what, ask) {
  const end = Date.now() + PATIENCE
  let last
  while (Date.now() < end) {
    try {
      const answer = await ask()
      if (answer) return answer
    } catch (error) {
      last = error
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`${what} did not come${last ? `: ${last.message}` : ''}`)
}

// The web view takes a picture when it next paints; this keeps a still window painting, invisibly.
const repaint = `let turn = 0
const paint = () => {
  document.body.style.opacity = turn % 2 ? '' : '0.999'
  turn += 1
  if (turn < 60) setTimeout(paint, 50)
}
paint()`

async function main() {
  const screen = await display()
  const port = await freePort()
  const home = mkdtempSync(join(tmpdir(), 'galley-picture-'))
  process.on('exit', () => rmSync(home, { recursive: true, force: true }))
  start('WebKitWebDriver', [`--port=${port}`, '--host=127.0.0.1'], {
    stdio: 'ignore',
    env: { ...process.env, DISPLAY: screen, GDK_BACKEND: 'x11', TAURI_WEBVIEW_AUTOMATION: 'true', GALLEY_HOME: home },
  })
  const base = `http://127.0.0.1:${port}`
  const send = async (method, path, body) => {
    const response = await fetch(base + path, { method, body: body && JSON.stringify(body) })
    const { value } = await response.json()
    if (!response.ok) throw new Error(value?.message ?? response.statusText)
    return value
  }
  await until('the driver', () => send('GET', '/status'))
  const session = await send('POST', '/session', {
    capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': { binary, args: [argument] } } },
  })
  const path = `/session/${session.sessionId}`
  const run = (script) => send('POST', `${path}/execute/sync`, { script, args: [] })
  await until('the editor', () => run("return document.querySelector('#editor .cm-content')?.textContent.trim().length > 0"))
  await until('the preview', () => run("return document.querySelector('#preview iframe') !== null"))
  await send('POST', `${path}/frame`, { id: 0 })
  await until('the page', () => run("return document.readyState === 'complete' && document.body.innerText.trim().length > 0"))
  await send('POST', `${path}/frame`, { id: null })
  await run(repaint)
  writeFileSync(file, Buffer.from(await send('GET', `${path}/screenshot`), 'base64'))
  await send('DELETE', path)
}

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => fail('interrupted'))
await main().catch((error) => fail(error.message))
endAll()
process.exit(0)
