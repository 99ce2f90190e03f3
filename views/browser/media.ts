// Sound and video that Baken made anew. They play when somebody presses play and never by themselves, out of this page's
// memory, and nothing of them goes to another device or to a folder.
import type { Desk } from './context.js'
import { element } from './dom.js'
import type { Memory } from './memory.js'
import type { OpenedFile } from './open-report.js'
import { lengthText, text } from './texts.js'

const QUIET = {
  preload: 'metadata',
  controlslist: 'nodownload noremoteplayback',
  disableremoteplayback: true,
} as const

/** The player of a sound or video, and how long it lasts. */
export function drawPlayer(desk: Desk, { content, type }: OpenedFile, number: number): HTMLElement[] {
  const isVideo = type.startsWith('video/')
  const player = isVideo
    ? element('video', { ...QUIET, playsinline: true, disablepictureinpicture: true })
    : element('audio', { ...QUIET, controls: true })
  player.setAttribute('aria-label', text(isVideo ? 'files.video' : 'files.sound', { number }))
  const length = element('p', { class: 'quiet', role: 'status' })
  player.addEventListener('loadedmetadata', () => {
    // Endless: the file does not say how long it is.
    if (Number.isFinite(player.duration))
      length.textContent = text('files.length', { length: lengthText(player.duration) })
  })
  player.addEventListener('error', () => {
    length.textContent = text('files.cannot-play')
  })
  player.src = desk.memory.pictureUrl(content)
  desk.signal.addEventListener('abort', () => silence(player, desk.memory), { once: true })
  return [player, length]
}

/** A blurred video stands still and has no buttons: nothing of it can be started by mistake. */
export function blurPlayer(figure: HTMLElement, isBlurred: boolean): void {
  const video = figure.querySelector('video')
  if (!video) return
  if (isBlurred) video.pause()
  video.controls = !isBlurred
}

/** Ends a player for good: its sound, and what it holds of the file. */
export function silence(player: HTMLMediaElement, memory: Memory): void {
  player.pause()
  memory.revokePictures([player.src])
  player.removeAttribute('src')
  player.load()
}
