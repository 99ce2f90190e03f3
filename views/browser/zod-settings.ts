// zod compiles its checks with `new Function`, which the page's Content-Security-Policy forbids; even the attempt
// would be reported. It reads this setting when the first schema is made, so this file is imported before all others.
const place = globalThis as { __zod_globalConfig?: { jitless?: boolean } }
place.__zod_globalConfig = { ...place.__zod_globalConfig, jitless: true }

export {}
