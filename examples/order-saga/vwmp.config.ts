import { createShop } from './shop.ts';

export default { plugins: [createShop()] };
