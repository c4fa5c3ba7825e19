// Starts the window: connects to the session and puts the desk on screen.
import { mount } from 'svelte'
import './kit/tokens.css'
import './kit/base.css'
import { connect } from './ipc'
import { Desk } from './model/desk.svelte'
import App from './views/App.svelte'

const target = document.getElementById('app')
if (target) {
  const desk = new Desk(await connect())
  mount(App, { target, props: { desk } })
  await desk.start()
}
