// The one cookie of an app: a session cookie without expiry that no script can read and no other site can send.
export interface CookieJar {
  read(header: string | undefined): string | undefined
  set(value: string): string
  clear(): string
}

/** `__Host-` and Secure over https; a plain name on loopback or .onion, where there is no TLS. */
export function createCookie(name: string, secure: boolean): CookieJar {
  const full = secure ? `__Host-${name}` : name
  const attributes = `Path=/; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`
  return {
    read: (header) =>
      header
        ?.split(';')
        .map((pair) => pair.trim())
        .find((pair) => pair.startsWith(`${full}=`))
        ?.slice(full.length + 1),
    set: (value) => `${full}=${value}; ${attributes}`,
    clear: () => `${full}=; ${attributes}; Max-Age=0`,
  }
}
