// What the eye gets: the pixels of a picture, and the words of a printed page.
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from './kith.mjs'

const require = createRequire(join(root, 'assets', 'package.json'))

/** The words of each sheet of a PDF, in order, every run of white space as one space. */
export async function wordsOf(pdf) {
  const { extractText, getDocumentProxy } = await import(pathToFileURL(require.resolve('unpdf')))
  const { text } = await extractText(await getDocumentProxy(new Uint8Array(pdf)), { mergePages: false })
  return text.map(sheet => sheet.replace(/\s+/g, ' ').trim())
}

/**
 * What each series of a drawn chart looks like, as it stands on the page, without its colour: by the
 * paint it is drawn with, how much of it is inked (0 to 1: what contrasts 3:1 with the ground), how
 * often ink and ground change along 100 px, and how light its ink is (0 to 1).
 */
export async function seriesOf(page, chart) {
  await chart.scrollIntoViewIfNeeded()
  const picture = (await page.screenshot()).toString('base64')
  return chart.evaluate(async (svg, picture) => {
    const image = new Image()
    image.src = 'data:image/png;base64,' + picture
    await image.decode()
    const canvas = document.createElement('canvas')
    canvas.width = image.width
    canvas.height = image.height
    const brush = canvas.getContext('2d', { willReadFrequently: true })
    brush.drawImage(image, 0, 0)
    const density = image.width / innerWidth
    const light = (x, y) => {
      const [r, g, b] = brush.getImageData(Math.round(x * density), Math.round(y * density), 1, 1).data
      const [R, G, B] = [r, g, b].map(v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
      return 0.2126 * R + 0.7152 * G + 0.0722 * B
    }
    const contrast = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
    const box = svg.getBoundingClientRect()
    const ground = light(box.x + box.width - 1, box.y + 1)
    const series = new Map()
    for (const mark of svg.querySelectorAll('rect, path, circle, polygon')) {
      const line = /chart-line-\d/.exec(mark.getAttribute('class'))?.[0]
      const fill = /chart-soft|chart-\d|fill-\d/.exec((mark.getAttribute('class') ?? '') + ' ' + (mark.getAttribute('fill') ?? ''))?.[0]
      if (mark.closest('defs') || !(line || fill)) continue
      if (!line && svg.querySelector('[class*=chart-line]')) continue // the points of a line stand on it
      const at = (x, y) => new DOMPoint(x, y).matrixTransform(mark.getScreenCTM())
      const rows = [] // what is sampled, in runs along which ink and ground may change
      if (line) {
        const long = mark.getTotalLength()
        const row = []
        for (let s = 0; s < long; s += 0.5) row.push(at(mark.getPointAtLength(s).x, mark.getPointAtLength(s).y))
        rows.push(row)
      } else {
        const b = mark.getBBox()
        for (let y = b.y + 3; y < b.y + b.height - 3; y += 1.5) {
          const row = []
          for (let x = b.x + 3; x < b.x + b.width - 3; x += 1) {
            const inside = [-2, 2].every(d => mark.isPointInFill(new DOMPoint(x + d, y)) && mark.isPointInFill(new DOMPoint(x, y + d)))
            if (inside) row.push(at(x, y))
          }
          rows.push(row)
        }
      }
      const key = line ?? fill
      const s = series.get(key) ?? { all: 0, inked: 0, changes: 0, light: 0, edge: 0 }
      for (const row of rows) {
        let was
        for (const p of row) {
          const l = light(p.x, p.y), ink = contrast(l, ground) >= 3
          s.all++
          if (ink) { s.inked++; s.light += l }
          if (was !== undefined && was !== ink) s.changes++
          was = ink
        }
      }
      if (!line) { // an empty shape is seen by its edge
        const b = mark.getBBox()
        for (let x = -2; x <= 2; x += 0.5) {
          const p = at(b.x + x, b.y + b.height * 0.6)
          s.edge = Math.max(s.edge, contrast(light(p.x, p.y), ground))
        }
      }
      series.set(key, s)
    }
    return [...series].map(([paint, s]) => ({ paint, inked: s.all ? s.inked / s.all : 0,
      changes: s.all ? s.changes / s.all * 100 : 0, light: s.inked ? s.light / s.inked : ground, edge: s.edge }))
  }, picture)
}

/** Whether two series are told apart by somebody who sees no colour. */
export function toldApart(a, b) {
  const contrast = (Math.max(a.light, b.light) + 0.05) / (Math.min(a.light, b.light) + 0.05)
  return Math.abs(a.inked - b.inked) > 0.12 || Math.abs(a.changes - b.changes) > 1.5 || contrast >= 3
}
