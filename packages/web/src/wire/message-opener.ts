// How a message's row opens its receipt: the room provides it, the rows use it. Small, since the page loads it at once.
import { createContext, useContext } from 'react';

export type OpenReceipt = (seq: number) => void;

const OpenerContext = createContext<OpenReceipt>(() => {});

export const ReceiptOpener = OpenerContext.Provider;

export const useReceiptOpener = (): OpenReceipt => useContext(OpenerContext);
