# syntax=docker/dockerfile:1
# The image of one function: docker build --build-arg FUNCTION=costs .
#checkov:skip=CKV_DOCKER_2:Cloud Run asks /health by its own probes and ignores HEALTHCHECK
#checkov:skip=CKV_DOCKER_7:The tags are in the arguments below, which the check does not read
# Bases are named by tag here; scripts/images looks up their digests once and builds every function from those.
ARG TOOLCHAIN=rust:1.95.0-slim-trixie
ARG BASE=gcr.io/distroless/cc-debian13:nonroot

FROM ${TOOLCHAIN} AS build
RUN apt-get update \
 && apt-get install --yes --no-install-recommends gcc libc6-dev mold \
 && rm -rf /var/lib/apt/lists/*

# Writes the list of crates into each program, where a scanner of the image finds it: that is its SBOM.
RUN cargo install cargo-auditable --version 0.7.7 --locked

WORKDIR /src
COPY . .

# All functions share the caches, so the second one compiles only what is its own.
ARG FUNCTION
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target,sharing=locked \
    cargo auditable build --locked --profile image --package "${FUNCTION:?the build argument FUNCTION names the function}" \
 && cp "target/image/$FUNCTION" /function

# glibc, certificates, and the user `nonroot`: no shell, no package manager.
FROM ${BASE}
ARG FUNCTION
LABEL org.opencontainers.image.title="convergence $FUNCTION" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /function /function
USER 65532:65532
EXPOSE 8080
ENTRYPOINT ["/function"]
