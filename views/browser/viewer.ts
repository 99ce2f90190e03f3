// The page inside the frame that shows a file. It has no origin, no key, no cookie and no way out: its content policy
// allows no request, its sandbox no window. What it is given it shows, and a fault in a decoder stays in here.
import { readPicturePdf } from '../../server/report/picture-pdf.js'
import { element } from './dom.js'
import type { FromViewer, ToViewer } from './viewer-messages.js'

/** Nothing plays by itself or on another device, and the player offers no saving under a telling name. */
const QUIET = {
  preload: 'metadata',
  controlslist: 'nodownload noremoteplayback',
  disableremoteplayback: true,
} as const

type Shown = Extract<ToViewer, { show: Blob }>

function serve(port: MessagePort): void {
  const tell = (message: FromViewer) => port.postMessage(message)
  let pages: readonly { readonly jpeg: Uint8Array }[] = []
  let picture: HTMLImageElement | null = null
  let video: HTMLVideoElement | null = null

  function drawPicture(content: Blob, label: string): void {
    if (picture) URL.revokeObjectURL(picture.src)
    const image = element('img', { alt: label })
    image.onload = () => tell({ kind: 'size', width: image.naturalWidth, height: image.naturalHeight })
    image.onerror = () => tell({ kind: 'failed' })
    image.src = URL.createObjectURL(content)
    picture = image
    document.body.replaceChildren(image)
  }

  function drawPlayer({ show, type, label }: Shown): void {
    const player = type.startsWith('video/')
      ? element('video', { ...QUIET, playsinline: true, disablepictureinpicture: true })
      : element('audio', { ...QUIET, controls: true })
    if (player instanceof HTMLVideoElement) video = player
    player.setAttribute('aria-label', label)
    player.onloadedmetadata = () => {
      if (video) tell({ kind: 'size', width: video.videoWidth, height: video.videoHeight })
      tell({ kind: 'length', seconds: Number.isFinite(player.duration) ? player.duration : 0 })
    }
    player.onerror = () => tell({ kind: 'failed' })
    player.src = URL.createObjectURL(show)
    document.body.replaceChildren(player)
  }

  async function show(given: Shown): Promise<void> {
    document.documentElement.lang = given.language
    document.documentElement.dir = given.direction
    document.title = given.label
    if (given.type === 'application/pdf') {
      pages = readPicturePdf(new Uint8Array(await given.show.arrayBuffer()))
      tell({ kind: 'pages', pages: pages.length })
    } else if (/^(audio|video)\//.test(given.type)) drawPlayer(given)
    else drawPicture(given.show, given.label)
  }

  port.onmessage = ({ data }: MessageEvent<ToViewer>) => {
    if ('show' in data) show(data).catch(() => tell({ kind: 'failed' }))
    else if ('page' in data) {
      const jpeg = pages[data.page]?.jpeg.slice() ?? new Uint8Array()
      drawPicture(new Blob([jpeg], { type: 'image/jpeg' }), data.label)
    } else if (video) {
      // Blurred, it stands still and has no buttons: nothing of it can be started by mistake.
      if (data.blurred) video.pause()
      video.controls = !data.blurred
    }
  }
  for (const kind of ['keydown', 'pointerdown'])
    addEventListener(kind, () => tell({ kind: 'used' }), { passive: true, capture: true })
  tell({ kind: 'ready' })
}

// One conversation, with the page around the frame: whoever else should speak to it is not listened to.
addEventListener(
  'message',
  ({ source, ports: [port] }) => {
    if (source === parent && port) serve(port)
  },
  { once: true },
)
