/** Optional measurements: empty, unless the plugin writes its own version of this module. */
export {};
