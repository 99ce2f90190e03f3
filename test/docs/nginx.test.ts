import { readFileSync } from 'node:fs'
import t from 'tap'
import { flatten, parseNginx } from '../support/nginx-conf.js'

const FILE = new URL('../../../docs/nginx.conf', import.meta.url)
const lines = flatten(parseNginx(readFileSync(FILE, 'utf8')))

/** All values of a directive, wherever it stands. */
const valuesOf = (name: string): string[] =>
  lines.filter((line) => line.name === name).map(({ value }) => value)
const isSet = (inside: string, name: string, value: string): boolean =>
  lines.some((line) => line.inside === inside && line.name === name && line.value === value)

t.test('nothing per visitor is written down, in no block', async (t) => {
  t.same(valuesOf('access_log'), ['off'])
  t.ok(isSet('http', 'access_log', 'off'))
  t.same(valuesOf('error_log'), ['/dev/null crit'], 'a critical line names the client too')
  t.same(valuesOf('log_format'), [])
  t.same(valuesOf('limit_req_log_level'), ['info'])
  t.same(valuesOf('limit_conn_log_level'), ['info'])
})

t.test('what a visitor sends is never put into a file', async (t) => {
  t.same(valuesOf('proxy_request_buffering'), ['off'])
  t.same(valuesOf('proxy_max_temp_file_size'), ['0'])
  t.same(valuesOf('client_body_in_file_only'), ['off'])
  for (const name of ['client_body_temp_path', 'proxy_temp_path']) t.match(valuesOf(name)[0], /^\/run\//)
  t.same([...valuesOf('proxy_cache'), ...valuesOf('proxy_store'), ...valuesOf('proxy_cache_path')], [])
  t.same(valuesOf('worker_rlimit_core'), ['0'])
})

t.test('no address and nothing about the browser goes on to Baken', async (t) => {
  const names = [
    'X-Forwarded-For',
    'X-Real-IP',
    'Forwarded',
    'Via',
    'User-Agent',
    'Accept-Language',
    'Referer',
  ]
  for (const name of [...names, 'Sec-CH-UA', 'Sec-CH-UA-Mobile', 'Sec-CH-UA-Platform']) {
    t.ok(isSet('http', 'proxy_set_header', `${name} `), name)
  }
  const all = lines.filter(({ name }) => name === 'proxy_set_header')
  t.ok(
    all.every(({ inside }) => inside === 'http'),
    'a line in a block of its own would bring all headers back',
  )
  t.notMatch(all.map(({ value }) => value).join('\n'), /\$(remote|proxy|http|realip|ssl)/)
  t.same([...valuesOf('real_ip_header'), ...valuesOf('set_real_ip_from')], [])
  t.same(valuesOf('proxy_protocol'), [])
})

t.test('limits by address live in memory, and hold for every site', async (t) => {
  for (const name of ['limit_req_zone', 'limit_conn_zone']) {
    for (const value of valuesOf(name)) t.match(value, /^\$(binary_remote_addr|sender) zone=\w+:\d+m/)
  }
  const sites = valuesOf('proxy_pass')
  t.same(sites, ['http://public_app', 'http://partner_app'])
  t.equal(valuesOf('limit_req').filter((value) => value.startsWith('zone=visitors')).length, sites.length)
  t.equal(valuesOf('limit_conn').length, sites.length)
  t.ok(isSet('http server', 'limit_req', 'zone=senders burst=60'), 'what is sent is limited on its own')
  t.notMatch(valuesOf('limit_req').join(), /nodelay/, 'it slows before it refuses')
})

t.test('TLS is 1.2 and 1.3 alone, with nothing that links one visit to the next', async (t) => {
  t.same(valuesOf('ssl_protocols'), ['TLSv1.2 TLSv1.3'])
  t.same(valuesOf('ssl_session_tickets'), ['off'])
  t.same(valuesOf('ssl_session_cache'), ['off'])
  t.same(valuesOf('ssl_early_data'), ['off'])
  for (const cipher of (valuesOf('ssl_ciphers')[0] ?? '').split(':')) {
    t.match(cipher, /^ECDHE-(ECDSA|RSA)-(AES\d+-GCM|CHACHA20-POLY1305)/, `${cipher} keeps the past secret`)
  }
  t.same(valuesOf('etag'), ['off'])
  t.same(valuesOf('gzip'), ['off'])
})

t.test('each site is https with one HSTS header, and http leads there', async (t) => {
  const hsts = lines.filter(({ value }) => value.startsWith('Strict-Transport-Security max-age='))
  t.same(
    hsts.map(({ name, inside, value }) => [
      name,
      inside,
      Number(/max-age=(\d+)/.exec(value)?.[1]) >= 31_536_000,
    ]),
    [
      ['add_header', 'http server', true],
      ['add_header', 'http server', true],
    ],
  )
  t.ok(isSet('http', 'proxy_hide_header', 'Strict-Transport-Security'))
  t.ok(isSet('http server location', 'return', '301 https://$host$request_uri'))
  t.same(valuesOf('ssl_reject_handshake'), ['on'], 'an unknown name learns nothing')
  t.same(valuesOf('server_tokens'), ['off'])
})

t.test('the largest form that Baken takes comes through', async (t) => {
  t.ok(Number.parseInt(valuesOf('client_max_body_size')[0] ?? '', 10) > 6 * 200)
  t.ok(Number.parseInt(valuesOf('proxy_read_timeout')[0] ?? '', 10) >= 900, 'and may take its time')
})
