// What the rules of the architecture look for inside a source, beyond what it imports.
import ts from 'typescript'

/** Headers that tell of a person, or of the way here. */
export const PEOPLES_HEADERS =
  /^(user-agent|accept-language|forwarded|x-forwarded.*|x-real-ip|x-client-ip|referr?er|origin|via|sec-.*|dnt|save-data|.*-connecting-ip)$/i
/** What tells where a request came from, whatever it is asked of. */
const ADDRESSES = /^(remoteAddress|remotePort|remoteFamily|rawHeaders|rawTrailers|headersDistinct)$/
/** The same, asked of a request. */
const OF_REQUEST = /^(ip|ips|host|hostname|port|protocol|originalUrl)$/
/** Words of SQL that give a row back, a moment or a running number. */
export const MOMENTS =
  /\breturning\b|\bnow\(\)|current_(time|date)|localtime|_timestamp\(|nextval|lastval|uuid_generate/i

/** Whether a header is read of a request, or all of them are passed on, other than the two that are allowed. */
export function readsOtherHeaders(node: ts.Node): boolean {
  if (ts.isBindingElement(node))
    return (node.propertyName ?? node.name).getText() === 'headers' && takesFromRequest(node)
  const isHeaders =
    memberOf(node) === 'headers' && !(ts.isCallExpression(node.parent) && node.parent.expression === node)
  if (!isHeaders) return false
  const read = isAccess(node.parent) && node.parent.expression === node ? memberOf(node.parent) : undefined
  return read !== 'cookie' && read !== 'accept-encoding' && read !== 'x-baken-proof'
}

/** Whether this looks at where a request came from. */
export function readsAddress(node: ts.Node): boolean {
  const member = ts.isBindingElement(node) ? (node.propertyName ?? node.name).getText() : memberOf(node)
  if (member === undefined) return false
  if (ADDRESSES.test(member)) return true
  if (ts.isBindingElement(node)) return OF_REQUEST.test(member) && takesFromRequest(node)
  return (
    OF_REQUEST.test(member) && isAccess(node) && /\b_?req(uest)?(\.raw)?$/.test(node.expression.getText())
  )
}

/** Whether a pattern takes something out of a request. */
function takesFromRequest(element: ts.BindingElement): boolean {
  const { parent } = element.parent
  if (!ts.isVariableDeclaration(parent) && !ts.isParameter(parent)) return false
  return /\breq(uest)?\b|Request|IncomingMessage/.test(
    `${parent.initializer?.getText()} ${parent.type?.getText()}`,
  )
}

function memberOf(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node)) return node.name.text
  if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression))
    return node.argumentExpression.text
  return undefined
}

/** `Date.now` for that expression, `new Date` for that one. */
export function nameOf(node: ts.Node): string {
  if (ts.isNewExpression(node)) return `new ${node.expression.getText()}`
  return ts.isPropertyAccessExpression(node) || ts.isIdentifier(node) ? node.getText() : ''
}

export function isText(node: ts.Node): boolean {
  return ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)
}

function isAccess(node: ts.Node): node is ts.PropertyAccessExpression | ts.ElementAccessExpression {
  return ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)
}
