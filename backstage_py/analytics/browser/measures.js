/** What an app measures beside pages and links: nothing, unless the plugin writes another one. */
export {};
