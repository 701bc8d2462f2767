export declare function textOfBytes(bytes: Uint8Array): string;
