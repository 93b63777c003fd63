// SPDX-License-Identifier: LGPL-2.1
/* The backends of a pool; they travel in the attributes of a pool. */
#include "core.h"

BFLY_API int bfly_backend_new(struct bfly_ctl *ctl, const struct bfly_pool *pool,
			 enum bfly_new_flags flags)
{
	return bfly_change(ctl, BFLY_CMD_BACKEND_NEW, flags,
			   &bfly_pool_layout, pool);
}

BFLY_API int bfly_backend_set(struct bfly_ctl *ctl, const struct bfly_pool *pool)
{
	return bfly_change(ctl, BFLY_CMD_BACKEND_SET, BFLY_ADD, &bfly_pool_layout, pool);
}

BFLY_API int bfly_backend_del(struct bfly_ctl *ctl, const struct bfly_pool *pool)
{
	return bfly_change(ctl, BFLY_CMD_BACKEND_DEL, BFLY_ADD, &bfly_pool_layout, pool);
}

BFLY_DEFINE_DUMP(backend, pool, bfly_pool_layout, BFLY_CMD_BACKEND_GET)
