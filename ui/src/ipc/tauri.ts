// The transport of the real window. Does nothing but pass on.
import { invoke } from '@tauri-apps/api/core'
import { listen } from '@tauri-apps/api/event'
import { getCurrentWebview } from '@tauri-apps/api/webview'
import { previewAddress } from './address'
import type { Event, Reply } from './types'
import type { Transport } from './wire'

export const tauri: Transport = {
  call: (command) => invoke<Reply>('call', { command }),
  async listen(handler) {
    await listen<Event>('galley', (message) => handler(message.payload))
  },
  pickFolder: () => invoke<string | null>('pick_folder'),
  openExternal: (url) => invoke('open_external', { url }),
  zoom: (scale) => getCurrentWebview().setZoom(scale),
  frameSource: (url, stamp, past) => ({ src: previewAddress(url, stamp, past) }),
}
