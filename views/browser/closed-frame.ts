// The frame around a file that was opened. Pictures, sound and video of strangers are decoded in there, in an origin
// of its own without the desk's key; docs/decisions/0033 says what that holds and what not. It dies with its view.
import { Problem } from './api.js'
import { element } from './dom.js'
import { deskLanguage } from './texts.js'
import { type FromViewer, readFromViewer, type ToViewer } from './viewer-messages.js'

/** The frame's page is two small files of this site: what is not there by then does not come. */
const READY_WITHIN_MS = 10_000

export interface ClosedFrame {
  readonly frame: HTMLIFrameElement
  /** Fulfilled when the viewer speaks; rejected with Problem `no-connection` when its page does not come. */
  readonly ready: Promise<void>
  send(message: ToViewer): void
  /** Ends the frame: what it holds of the file, and its sound. */
  end(): void
}

/**
 * A frame that shows nothing yet: it loads when it is put on the page. `heard` gets what the viewer says once it is
 * ready. It ends with the signal.
 */
export function createClosedFrame(
  title: string,
  heard: (message: FromViewer) => void,
  signal: AbortSignal,
): ClosedFrame {
  // The sandbox is there before the address: nothing ever loads in it with an origin.
  const frame = element('iframe', { sandbox: 'allow-scripts', allow: '', title, src: '/viewer' })
  const { port1: port, port2: theirs } = new MessageChannel()
  const { promise: ready, resolve, reject } = Promise.withResolvers<void>()
  let timer = 0
  // Whoever waits hears of it; without anybody waiting it is no fault of the page.
  ready.catch(() => undefined)
  const end = () => {
    clearTimeout(timer)
    port.close()
    frame.remove()
    reject(new Problem('no-connection'))
  }
  port.onmessage = ({ data }) => {
    const message = readFromViewer(data)
    if (message === null) return
    if (message.kind === 'ready') {
      clearTimeout(timer)
      resolve()
      return
    }
    // Its keys and clicks do not come through to this page; somebody at work must not be locked out for it.
    if (message.kind === 'used' && document.activeElement === frame) dispatchEvent(new Event('viewer-used'))
    heard(message)
  }
  let loads = 0
  frame.addEventListener('load', () => {
    loads += 1
    // A page that goes elsewhere by itself is not the one that was trusted with the file.
    if (loads > 1) {
      end()
      return
    }
    timer = setTimeout(end, READY_WITHIN_MS)
    // Without an origin there is none to name; the policy of this page lets nothing but this site into the frame.
    frame.contentWindow?.postMessage('begin', '*', [theirs])
  })
  signal.addEventListener('abort', end, { once: true })
  return { frame, ready, send: (message) => port.postMessage(message), end }
}

/** What the viewer is told of a file first. */
export function showing(content: Blob, label: string): ToViewer {
  const { dir } = document.documentElement
  return { show: content, type: content.type, label, language: deskLanguage, direction: dir }
}
