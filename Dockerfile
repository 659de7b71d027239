# syntax=docker/dockerfile:1.7
# Two targets: `cpu`, the default, and `gpu`. What changes seldom lies below: first the packages, then Tidings itself.
#   docker build -t tidings:cpu .
#   docker build -t tidings:gpu --target gpu .

FROM python:3.11.14-slim-bookworm AS base
ENV PATH=/opt/tidings/bin:$PATH \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PYTHONUNBUFFERED=1

# What is locked, with its hashes and nothing else, so that a change of the source installs no package anew.
FROM base AS needs
ENV INSTALL="pip install --no-deps --no-build-isolation --require-hashes"
WORKDIR /build
COPY .ci/locked .ci/locked
RUN --mount=type=cache,target=/root/.cache/pip \
    python -m venv /opt/tidings \
    && $INSTALL -r .ci/locked/build.txt

# PyTorch without CUDA, which would be most of the image; from PyPI it would come with it.
FROM needs AS packages-cpu
RUN --mount=type=cache,target=/root/.cache/pip \
    $INSTALL --index-url https://download.pytorch.org/whl/cpu -r .ci/locked/torch-cpu.txt \
    && $INSTALL -r .ci/locked/program.txt

FROM needs AS packages-gpu
RUN --mount=type=cache,target=/root/.cache/pip \
    $INSTALL -r .ci/locked/torch.txt -r .ci/locked/program.txt

FROM needs AS wheel
COPY pyproject.toml README.md LICENSE ./
COPY storage storage
COPY retrieval retrieval
COPY generation generation
COPY bot bot
RUN --mount=type=cache,target=/root/.cache/pip \
    pip wheel --no-deps --no-build-isolation --wheel-dir /wheels .

FROM base AS runtime
# A number, so that a cluster that forbids root can see it is none.
RUN groupadd --gid 10001 tidings \
    && useradd --uid 10001 --gid tidings --no-log-init --home-dir /data --create-home tidings
ENV TIDINGS_HOME=/data \
    TIDINGS_CACHE=/data/cache \
    TIDINGS_HTTP_HOST=0.0.0.0 \
    TIDINGS_HTTP_PORT=8080
WORKDIR /data
VOLUME /data
EXPOSE 8080
# It ends within 10 s of being asked.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os, sys; from http.client import HTTPConnection; line = HTTPConnection('127.0.0.1', int(os.environ['TIDINGS_HTTP_PORT']), timeout=4); line.request('GET', '/healthz'); sys.exit(line.getresponse().status != 200)"]
ENTRYPOINT ["tidings"]
CMD ["serve"]

FROM runtime AS gpu
COPY --from=packages-gpu /opt/tidings /opt/tidings
RUN --mount=type=bind,from=wheel,source=/wheels,target=/wheels \
    pip install --no-cache-dir --no-deps /wheels/*.whl
USER 10001:10001

FROM runtime AS cpu
COPY --from=packages-cpu /opt/tidings /opt/tidings
RUN --mount=type=bind,from=wheel,source=/wheels,target=/wheels \
    pip install --no-cache-dir --no-deps /wheels/*.whl
USER 10001:10001
