# The worker and the command line: docker build -t canton-migrate .
# With the sandbox, for trials:    docker build --target trial -t canton-migrate-trial .

FROM node:20-bookworm AS build
WORKDIR /build
COPY package.json package-lock.json ./
COPY sandbox/package.json sandbox/
RUN npm ci --ignore-scripts
COPY . .
# It builds, too: the tarballs are what an install without containers gets.
RUN npm pack --workspaces --include-workspace-root

# The versions of the lock file, without those of development.
FROM node:20-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --workspaces=false --ignore-scripts
COPY --from=build /build/canton-migrate-*.tgz ./
RUN tar -xzf canton-migrate-*.tgz --strip-components=1 && rm canton-migrate-*.tgz

FROM node:20-bookworm-slim AS trial
WORKDIR /app
COPY --from=build /build/canton-*.tgz ./
RUN npm install --omit=dev --ignore-scripts ./canton-migrate-*.tgz ./canton-sandbox-*.tgz
RUN mkdir -p -m 0700 /var/lib/canton-migrate && chown 10001:10001 /var/lib/canton-migrate
ENV PATH=/app/node_modules/.bin:$PATH
USER 10001:10001
ENTRYPOINT ["canton-migrate"]
CMD ["sandbox", "--port-base", "6100"]

# The last stage is what is built by default.
FROM node:20-bookworm-slim AS worker
# The slim image has no certificate authorities; TLS to Temporal needs them.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
WORKDIR /app
COPY --from=packages /app ./
COPY bin bin
# Nothing is written but the spool and, unless the configuration names another place, the lists.
RUN mkdir -p -m 0700 /var/lib/canton-migrate && chown 10001:10001 /var/lib/canton-migrate
ENV NODE_ENV=production PATH=/app/bin:$PATH XDG_STATE_HOME=/var/lib
ENV HEALTH_URL=http://127.0.0.1:8080/livez
VOLUME /var/lib/canton-migrate
USER 10001:10001
EXPOSE 8080
# Needs `health: { address: '0.0.0.0:8080' }` in worker.yaml. Alive, not ready: a worker waits for Temporal by itself.
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(process.env.HEALTH_URL).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["canton-migrate"]
CMD ["worker", "--config", "/etc/canton-migrate/worker.yaml"]
