// Starts the window: connects to the session and puts the desk on screen.
import { mount } from 'svelte'
import './kit/tokens.css'
import './kit/base.css'
import { speak } from './kit/text'
import { connect } from './ipc'
import { Desk } from './model/desk.svelte'
import { recall } from './model/store'
import App from './views/App.svelte'

const target = document.getElementById('app')
const language = recall('language', { pseudo: false, rtl: false })
if (language.pseudo) speak((await import('./kit/pseudo')).pseudo(language.rtl))
if (target) {
  const desk = new Desk(await connect())
  mount(App, { target, props: { desk } })
  await desk.start()
}
