// Chromium as a judge: it decodes what was made with none of the code that made it, and tells how far it is from what
// went in.
import type { Page } from 'playwright-core'
import { lying, SIZE } from './picture.js'
import { TONES } from './tones.js'

export interface File {
  /** `image/…`, `audio/…` or `video/…` */
  readonly type: string
  readonly bytes: Uint8Array
}

/**
 * How far it is: of what is seen the mean difference in red, green and blue, 0 to 255 (of a film early on), of what is
 * heard the part of each half that is not its tone, in percent. Or why it could not be opened.
 */
export type Seen = { readonly apart: readonly number[] } | { readonly failed: string }

/** Opens files, all on one page, and compares them with the upright picture and the tones of the matrix. */
export async function seenInBrowser(page: Page, files: readonly File[]): Promise<Seen[]> {
  const task = {
    original: (await (await lying()).png().toBuffer()).toString('base64'),
    files: files.map(({ type, bytes }) => ({ type, base64: Buffer.from(bytes).toString('base64') })),
    size: SIZE,
    tones: TONES,
  }
  return page.evaluate(`(${COMPARE})(${JSON.stringify(task)})`)
}

const COMPARE = `async ({ original, files, size: { width, height }, tones }) => {
  const address = (type, base64) => 'data:' + type + ';base64,' + base64
  const pixels = (source, itsWidth, itsHeight) => {
    // A page comes out larger than it was drawn, but of the same shape.
    if (Math.abs(itsWidth / itsHeight - width / height) > 0.01) throw new Error('another shape')
    const context = new OffscreenCanvas(width, height).getContext('2d')
    context.drawImage(source, 0, 0, width, height)
    return context.getImageData(0, 0, width, height).data
  }
  const picture = async (url) => {
    const image = new Image()
    image.src = url
    await image.decode()
    return pixels(image, image.naturalWidth, image.naturalHeight)
  }
  const film = async (url) => {
    const video = document.createElement('video')
    video.muted = true
    video.src = url
    await new Promise((resolve, reject) => {
      video.onseeked = resolve
      video.onerror = () => reject(new Error(video.error.message))
      video.currentTime = 0.2
    })
    return pixels(video, video.videoWidth, video.videoHeight)
  }
  const difference = (before, after) => {
    const sums = [0, 0, 0]
    for (let at = 0; at < before.length; at += 4)
      for (let c = 0; c < 3; c++) sums[c] += Math.abs(before[at + c] - after[at + c])
    return sums.map((sum) => sum / (width * height))
  }
  /** The part of the sound that is not this tone (Goertzel), in percent. */
  const notTone = (samples, perSecond, tone) => {
    const turn = (2 * Math.PI * tone) / perSecond
    let [real, imaginary, all] = [0, 0, 0]
    samples.forEach((sample, i) => {
      real += sample * Math.cos(turn * i)
      imaginary += sample * Math.sin(turn * i)
      all += sample * sample
    })
    return 100 * (1 - (2 * (real ** 2 + imaginary ** 2)) / samples.length / (all || 1))
  }
  const sound = async (url) => {
    const context = new OfflineAudioContext(1, 1, 48000)
    const heard = await context.decodeAudioData(await (await fetch(url)).arrayBuffer())
    const samples = heard.getChannelData(0)
    const half = samples.length / 2
    // The middle of each half: coders begin late, and blur where the tone changes.
    return tones.map((tone, i) =>
      notTone(samples.subarray((i + 0.4) * half, (i + 0.8) * half), heard.sampleRate, tone),
    )
  }
  const before = await picture(address('image/png', original))
  return Promise.all(
    files.map(async ({ type, base64 }) => {
      try {
        const url = address(type, base64)
        if (type.startsWith('audio/')) return { apart: await sound(url) }
        if (type.startsWith('image/')) return { apart: difference(before, await picture(url)) }
        return { apart: [...difference(before, await film(url)), ...(await sound(url))] }
      } catch (error) {
        return { failed: String(error) }
      }
    }),
  )
}`
