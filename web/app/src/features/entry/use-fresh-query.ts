/** What the server says as this screen opens; what it says later does not pull the screen from under a person. */
import { type QueryKey, type UseQueryOptions, useQuery } from '@tanstack/react-query';
import { useState } from 'react';

export function useFreshQuery<T, K extends QueryKey>(query: UseQueryOptions<T, Error, T, K>): T | undefined {
  const { data } = useQuery({ ...query, staleTime: Number.POSITIVE_INFINITY });
  const [first, setFirst] = useState<T>();
  if (first === undefined && data !== undefined) setFirst(data);
  return first;
}
