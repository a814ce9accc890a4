# The server:        docker build -t mockserver .
# The contract kit:  docker build -t mockserver-check --target check .
# docs/container.md tells how both are run.

FROM python:3.13-slim AS build
WORKDIR /build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends binutils
COPY constraints.txt .
RUN pip install -q -c constraints.txt hatchling
COPY pyproject.toml .
# The dependencies come before the sources, which change more often. What only debuggers and compilers read stays behind.
RUN python -c "import tomllib; p = tomllib.load(open('pyproject.toml', 'rb'))['project']; print(*p['dependencies'], *p['optional-dependencies']['tls'], sep='\n')" > server.txt \
 && pip install -q -c constraints.txt --only-binary :all: --target /opt/dependencies -r server.txt \
 && rm -rf /opt/dependencies/bin \
 && find /opt/dependencies -name '*.so' -exec strip --strip-unneeded {} + \
 && find /opt/dependencies \( -name '*.pyx' -o -name '*.pxd' -o -name '*.c' -o -name '*.h' -o -name '*.pyi' \) -delete

FROM build AS package
COPY README.md LICENSE ./
COPY contracts contracts
COPY fixtures fixtures
COPY mockserver mockserver
RUN pip install -q --no-deps --no-build-isolation --target /opt/mockserver .

FROM build AS kit
# What the server has already is not there twice: the constraints make it the same.
RUN python -c "import tomllib; p = tomllib.load(open('pyproject.toml', 'rb'))['project']; print(*p['optional-dependencies']['check'], sep='\n')" > check.txt \
 && pip install -q -c constraints.txt --only-binary :all: --target /opt/kit -r check.txt \
 && rm -rf /opt/kit/bin \
 && for each in /opt/dependencies/*; do rm -rf "/opt/kit/$(basename "$each")"; done

FROM python:3.13-slim AS server
LABEL org.opencontainers.image.title="mockserver" \
      org.opencontainers.image.description="A stateful fake of the Criteo and Shoplive APIs, for tests that must not touch production" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.base.name="docker.io/library/python:3.13-slim"
# Nothing is installed into a running container. The folders are there for volumes, which take their owner from them.
RUN rm -rf /usr/local/lib/python3.*/site-packages/pip* /usr/local/lib/python3.*/ensurepip /usr/local/bin/pip* \
 && install -d -o 10001 -g 10001 /worlds /state /tls
COPY --from=build /opt/dependencies /opt/dependencies
COPY --from=package /opt/mockserver /opt/mockserver
ENV PATH=/opt/mockserver/bin:$PATH \
    PYTHONPATH=/opt/mockserver:/opt/dependencies \
    PYTHONDONTWRITEBYTECODE=1 \
    HOME=/tmp \
    MOCKSERVER_HOST=0.0.0.0 \
    MOCKSERVER_PORT=8000 \
    MOCKSERVER_TLS_FOLDER=/tls
# A number, so that Kubernetes can tell that it is not root.
USER 10001:10001
WORKDIR /worlds
VOLUME /worlds
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=6s --start-period=15s --retries=3 CMD ["mockserver", "health"]
ENTRYPOINT ["mockserver"]
CMD ["serve"]

FROM server AS check
COPY --from=kit /opt/kit /opt/kit
ENV PYTHONPATH=/opt/mockserver:/opt/dependencies:/opt/kit
HEALTHCHECK NONE
CMD ["check", "--help"]

FROM server
