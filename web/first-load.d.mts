export function firstLoad(
  dist: string,
  page: string,
  also?: string[],
): { shell: Set<string>; rest: Set<string> };
