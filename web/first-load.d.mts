export function firstLoad(dist: string, page: string): { shell: Set<string>; rest: Set<string> };
