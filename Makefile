# SPDX-License-Identifier: GPL-2.0
# `make help` lists the targets. The module itself is Kbuild's and kmod/'s.

lab := selftests/lab
stages := kernel-um build module-6.12 module-6.1 module-um static unit selftests-6.12 \
	selftests-6.1 selftests-um selftests-xdp selftests-smp demo dkms kunit

# the running kernel where it has headers, else the newest that has
KVER ?= $(shell test -e /lib/modules/$$(uname -r)/build && uname -r || \
	for d in /lib/modules/*/build; do d=$${d%/build}; echo $${d##*/}; done | sort -V | tail -n 1)
PREFIX ?= /usr/local

.PHONY: all module deps check demo bench install dkms-install clean help $(stages:%=check-%)

all: module		## the library, the tools, and the module for KVER
	$(MAKE) -C libctl
	$(MAKE) -C tools

module:			## the module for KVER (the running or newest kernel with headers)
	$(lab)/build-module $(KVER)

deps:			## install all packages and kernels that building and testing need
	$(lab)/deps

check: deps		## every check, on all kernels; one stage: make check-STAGE, selftests often: ROUNDS=N
	$(lab)/check

$(stages:%=check-%): deps
	$(lab)/check $(@:check-%=%)

demo: deps		## two hosts, six VMs, a firewall and a load balancer: see it work
	$(MAKE) -C libctl
	$(MAKE) -C tools
	$(lab)/anywhere selftests/demo/run

bench: deps		## instructions and nanoseconds per packet, beside what others take
	$(MAKE) -C libctl
	$(MAKE) -C tools
	selftests/bench/run

install:		## library and tools below PREFIX (default /usr/local), module for KVER
	$(MAKE) -C libctl install PREFIX=$(PREFIX)
	$(MAKE) -C tools install PREFIX=$(PREFIX)
	install -D -m 644 $$($(lab)/build-module $(KVER)) $(DESTDIR)/lib/modules/$(KVER)/updates/bfly.ko
	if [ -z "$(DESTDIR)" ]; then depmod $(KVER); fi

dkms-install:		## the module by way of dkms, for KVER and every later kernel
	packaging/dkms-install $(KVER)

clean:			## what the builds have left in the tree; caches elsewhere stay
	rm -rf build
	$(MAKE) -C libctl clean
	$(MAKE) -C tools clean
	$(MAKE) -C tests/netlink clean
	$(MAKE) -C tests/frames clean
	$(MAKE) -C tests/oracle clean
	$(MAKE) -C tests/bench clean
	$(MAKE) -C tests/xdp clean
	find kmod tests -name '*.o' -o -name '*.ko' -o -name '.*.cmd' -o -name '*.mod' \
		-o -name '*.mod.c' | xargs -r rm -f
	rm -f Module.symvers modules.order .module-common.o

help:			## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## /  \1\t/p' Makefile | expand -t 18
	@echo; echo "  check-STAGE     STAGE: $(stages)" | fold -s -w 70
