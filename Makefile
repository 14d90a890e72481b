# Thin: CMake does the work. On a fresh Debian, `make chat` and `make test` are all there is to know.
#
#   make chat     install what is missing, build, start the chat  (ARGS="-m model.gguf")
#   make test     the same, then run every test
#   make asan     run the unit tests with address and undefined-behaviour sanitizers (clang)
#   make tsan     run the threaded tests with the thread sanitizer
#   make aarch64  build the engine for aarch64 on another machine and run its tests with qemu
#   make fuzz     feed random files to the readers for FUZZ_SECONDS
#   make crash    kill writers and chats ROUNDS times (500), and look at what is left
#   make bench    build the benchmarks
#   make install  the program, the bundled model, man page, completions  (PREFIX=/usr/local, DESTDIR)
#   make package  a Debian package of the same in build/release
#   make clean    remove everything that was built
MAKEFLAGS += --no-print-directory
RELEASE := build/release
FUZZ_SECONDS ?= 60
ROUNDS ?= 500

PREFIX ?= /usr/local

.PHONY: chat test build crash bench asan tsan aarch64 fuzz install package clean packages test-packages

chat: packages $(RELEASE)/build.ninja
	@cmake --build --preset release -t hearth
	@$(RELEASE)/app/hearth $(ARGS)

test: test-packages build
	@ctest --preset release

build: packages $(RELEASE)/build.ninja
	@cmake --build --preset release

bench: build
	@ls $(RELEASE)/bench

asan tsan: test-packages
	@cmake --preset $@ && cmake --build --preset $@
	@ctest --preset $@

aarch64:
	@assets/install-packages.sh aarch64
	@cmake --preset $@ && cmake --build --preset $@
	@ctest --preset $@

fuzz: test-packages
	@cmake --preset asan && cmake --build --preset asan -t fuzz_targets
	@tests/fuzz/run build/asan $(FUZZ_SECONDS)

install: packages $(RELEASE)/build.ninja
	@cmake --build --preset release -t hearth packaging
	@cmake --install $(RELEASE) --prefix $(PREFIX)

package: packages $(RELEASE)/build.ninja
	@cmake --build --preset release -t hearth packaging
	@cd $(RELEASE) && cpack -G DEB && ls $$PWD/*.deb

crash: packages $(RELEASE)/build.ninja
	@cmake --build --preset release -t storage_fault_test store_program_test
	@HEARTH_CRASH_ROUNDS=$(ROUNDS) $(RELEASE)/tests/fault/storage_fault_test --gtest_filter='KilledWriter*'
	@HEARTH_CRASH_ROUNDS=$(ROUNDS) $(RELEASE)/tests/pty/store_program_test --gtest_filter='KillCampaign*'

clean:
	@cmake -E rm -rf build

packages:
	@assets/install-packages.sh

test-packages:
	@assets/install-packages.sh test

%/build.ninja:
	@cmake --preset $(notdir $*)
