/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Attributes of "ip link add type bfly", nested in IFLA_INFO_DATA. */
#ifndef _UAPI_LINUX_BFLY_LINK_H
#define _UAPI_LINUX_BFLY_LINK_H

/**
 * enum - attributes of a link of kind bfly
 * @IFLA_BFLY_UNSPEC: unused
 * @IFLA_BFLY_LOCAL: underlay IPv4 address, 4 bytes
 * @IFLA_BFLY_LOCAL6: underlay IPv6 address, 16 bytes
 * @IFLA_BFLY_DSTPORT: UDP port of VXLAN, u16, host order; 4789 unless set
 */
enum {
	IFLA_BFLY_UNSPEC,
	IFLA_BFLY_LOCAL,
	IFLA_BFLY_LOCAL6,
	IFLA_BFLY_DSTPORT,

	__IFLA_BFLY_MAX,
	IFLA_BFLY_MAX = (__IFLA_BFLY_MAX - 1)
};

#endif /* _UAPI_LINUX_BFLY_LINK_H */
