/** `visionatrix-mcp`. */
export {};
