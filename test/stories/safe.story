# a Safe's delegatecall is critical: it has to be confirmed by hand
start --line
call account_signGnosisSafeTx '["0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",{"safe":"0x25a6c4BBd32B2424A9c99aEB0584Ad12045382B3","to":"0x9eE457023bB3De16D51A003a247BaEaD7fce313D","value":"0","data":null,"operation":1,"nonce":3,"safeTxHash":"0xbff43b0656827ec4d3691eebd51284e13baf7f8c6344fb4bec271832f8f82bf2"}]'
screen 'SIGN?         Approve a DELEGATECALL of a Safe on Ethereum (chain 1)'
screen '!! CRITICAL   a delegatecall: the called code can do anything as the Safe'
screen 'Safe          0x25a6c4BBd32B2424A9c99aEB0584Ad12045382B3'
read
type 'yes 2266'
screen 'Password of 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
type password-0123456789
screen 'Signed: with 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
reply '"operation":1'
ledger 'intent kind":"safe-tx account_signGnosisSafeTx'
