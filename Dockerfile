# An image of a checkout: the libraries of the lock, this software, a user without rights, one folder that stays.
FROM python:3.13-slim AS build
RUN python -m venv /app
COPY requirements.lock /src/
RUN /app/bin/pip install --no-cache-dir --require-hashes --requirement /src/requirements.lock
COPY . /src
RUN /app/bin/pip install --no-cache-dir --no-deps --no-build-isolation /src

FROM python:3.13-slim
RUN useradd --uid 1000 --no-create-home reach && install --directory --owner reach --mode 0700 /data
COPY --from=build /app /app
ENV PATH=/app/bin:$PATH RECOVERY_REACH_HOME=/data NUMBA_CACHE_DIR=/data/loops PYTHONUNBUFFERED=1
USER reach
VOLUME /data
EXPOSE 8501
HEALTHCHECK --start-period=3m CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8501/_stcore/health', timeout=5)"]
ENTRYPOINT ["recovery-reach"]
CMD ["app", "--host", "0.0.0.0", "--allowed-host", "localhost"]
