# syntax=docker/dockerfile:1
# The image of one function: docker build --build-arg FUNCTION=costs .
#checkov:skip=CKV_DOCKER_2:Cloud Run asks /health by its own probes and ignores HEALTHCHECK
# A base image is named by tag for people and by digest for machines; change both together.

FROM rust:1.95.0-slim-trixie@sha256:e14e87345b4d5964ddcc3491d27ee046a0f23820f340c3c1e24da6880141f7c0 AS build
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
FROM gcr.io/distroless/cc-debian13:nonroot@sha256:e792ab3d241a468a4fd7519ddbbebe66b49b5f365771716ea688ad40b6c6f1c2
ARG FUNCTION
LABEL org.opencontainers.image.title="convergence $FUNCTION" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /function /function
USER 65532:65532
EXPOSE 8080
ENTRYPOINT ["/function"]
