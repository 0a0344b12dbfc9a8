# make run      安装、建库、启动（http://127.0.0.1:8080，PORT=9000 make run 换端口）
# make test     检查与全部测试
# make quick    两分钟以内的检查与测试，改一点跑一次
# 其他：install check bench soak rehearse routing dates talk lock clean

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:

VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
WORKERS ?= 2

.PHONY: run install test quick check bench soak rehearse routing dates talk lock clean
.DEFAULT_GOAL := run

run: $(VENV)/run.stamp
	@$(if $(PORT),EXCHANGE_SERVER__PORT=$(PORT)) exec $(BIN)/python -m bot run

install: $(VENV)/run.stamp $(VENV)/dev.stamp

test: check
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup

quick: check
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup -m "not slow"

check: $(VENV)/dev.stamp
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/dev.stamp
	$(BIN)/python -m tests.bench

soak: $(VENV)/dev.stamp
	$(BIN)/python -m tests.soak

rehearse: $(VENV)/dev.stamp
	$(BIN)/python -m tests.rehearsal.year
	$(BIN)/python -m tests.recount.year

routing: $(VENV)/dev.stamp
	$(BIN)/python -m tests.classifier.report
	$(BIN)/python -m tests.names.report

dates: $(VENV)/dev.stamp
	$(BIN)/python -m tests.days.report $(FILES)

talk: $(VENV)/dev.stamp
	$(BIN)/python -m tests.talk.report

# Versions and hashes only: no index host gets into the locks. Needs uv (https://docs.astral.sh/uv).
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	  --no-annotate --output-file requirements.lock pyproject.toml
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	  --no-annotate --extra dev --constraint requirements.lock \
	  --output-file requirements-dev.lock pyproject.toml
	@! grep -nE '://|^-' requirements.lock requirements-dev.lock

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .hypothesis .import_linter_cache

$(VENV)/run.stamp: requirements.lock | $(BIN)/python
	$(PIP) -r requirements.lock
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock | $(BIN)/python
	$(PIP) -r requirements-dev.lock
	@touch $@

$(BIN)/python:
	@for python in $(PYTHON) python3 python3.13 python3.12 python3.11; do \
	  if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    exec $$python -m venv $(VENV); \
	  fi; \
	done; \
	echo '没有找到 Python 3.11 或更新的版本：请先安装（Debian/Ubuntu：apt-get install python3 python3-venv），' \
	  '或用 PYTHON=/路径/python3 make run 指定。' >&2; exit 1
