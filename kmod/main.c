// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>

#include "device.h"
#include "flow.h"
#include "netlink.h"
#include "pool.h"
#include "watch.h"
#include "xdp.h"

static int __init bfly_init(void)
{
	int err;

	/* counters are read whole, and keys hashed in words of this size */
	BUILD_BUG_ON(!IS_ENABLED(CONFIG_64BIT));

	err = bfly_flow_cache_init();
	if (err)
		return err;
	err = bfly_watch_register();
	if (err)
		goto err_cache;
	err = bfly_device_init();
	if (err)
		goto err_watch;
	/* goes with the module: programs that call it hold that */
	bfly_xdp_init();
	err = bfly_netlink_init();
	if (err)
		goto err_device;
	return 0;

err_device:
	bfly_device_exit();
err_watch:
	bfly_watch_unregister();
err_cache:
	bfly_flow_cache_exit();
	return err;
}

static void __exit bfly_exit(void)
{
	bfly_netlink_exit();
	bfly_device_exit();
	bfly_watch_unregister();
	/* wait for what the switches have left to RCU: flows, then backends */
	bfly_flow_cache_exit();
	bfly_pools_exit();
}

module_init(bfly_init);
module_exit(bfly_exit);

MODULE_DESCRIPTION("Virtual switch, firewall and load balancer");
MODULE_LICENSE("GPL");
MODULE_VERSION("0.1.0");
MODULE_ALIAS_GENL_FAMILY("bfly");
