declare module "@tabler/icons-react/dist/esm/icons/*.mjs" {
  export const __iconNode: [tag: string, attributes: Record<string, string>][];
}
