;; Blocks exist where control meets, and nowhere else.
;;! x86_64 clif faults

(module
  ;; Nothing branches out of it.
  (func $block (result i32)
    (block (result i32) (i32.const 1)))
  (func $if (param i32)
    (if (local.get 0) (then (call $if (i32.const 0)))))
  (func $if_else (param i32) (result i32)
    (if (result i32) (local.get 0) (then (i32.const 1)) (else (i32.const 2))))
  ;; A valid `if` with parameters and no `else`.
  (func $if_param (param i32) (result i32)
    local.get 0
    (if (param i32) (result i32) (local.get 0) (then (i32.add (i32.const 1)))))
  ;; Both arms leave: nothing comes behind.
  (func $both_return (param i32) (result i32)
    (if (local.get 0) (then (return (i32.const 1))) (else (return (i32.const 2))))
    (unreachable))
  (func $count (param i32) (result i32)
    (local i32)
    (loop $again
      (local.set 1 (i32.add (local.get 1) (local.get 0)))
      (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
    (local.get 1))
  (func $table (param i32) (result i32)
    (block $a
      (block $b
        (block $c (br_table $a $b $a $c (local.get 0)))
        (return (i32.const 3)))
      (return (i32.const 2)))
    (i32.const 1))
  (func $table_with_operand (param i32) (result i32)
    (block $a (result i32)
      (block $b (result i32)
        (br_table $a $b $a (i32.const 7) (local.get 0)))
      (i32.add (i32.const 1))))
  ;; Blocks within unreachable code leave no trace.
  (func $unreachable (result i32)
    (return (i32.const 1))
    (block (loop (br 1)) (if (i32.const 0) (then) (else)))
    (drop)
    (i32.const 0)))
;;= x86_64 clif faults
;; function u0:0(i64 vmctx) -> i32 tail {
;;                                 block0(v0: i64):
;; @002c                               v1 = iconst.i32 1
;; @002f                               return v1  ; v1 = 1
;; }
;; function u0:1(i64 vmctx, i32) tail {
;;     sig0 = (i64 vmctx, i32) tail
;;     fn0 = colocated u0:1 sig0
;;
;;                                 block0(v0: i64, v1: i32):
;; @0034                               brif v1, block1, block2
;;
;;                                 block1:
;; @0036                               v2 = iconst.i32 0
;; @0038                               call fn0(v0, v2)  ; v2 = 0
;; @003a                               jump block2
;;
;;                                 block2:
;; @003b                               return
;; }
;; function u0:2(i64 vmctx, i32) -> i32 tail {
;;                                 block0(v0: i64, v1: i32):
;; @0040                               brif v1, block1, block2
;;
;;                                 block1:
;; @0042                               v2 = iconst.i32 1
;; @0044                               jump block3(v2)  ; v2 = 1
;;
;;                                 block2:
;; @0045                               v4 = iconst.i32 2
;; @0047                               jump block3(v4)  ; v4 = 2
;;
;;                                 block3(v3: i32):
;; @0048                               return v3
;; }
;; function u0:3(i64 vmctx, i32) -> i32 tail {
;;                                 block0(v0: i64, v1: i32):
;; @004f                               brif v1, block1, block2
;;
;;                                 block1:
;; @0051                               v2 = iconst.i32 1
;; @0053                               v3 = iadd.i32 v1, v2  ; v2 = 1
;; @0054                               jump block3(v3)
;;
;;                                 block2:
;; @0054                               jump block3(v1)
;;
;;                                 block3(v4: i32):
;; @0055                               return v4
;; }
;; function u0:4(i64 vmctx, i32) -> i32 tail {
;;                                 block0(v0: i64, v1: i32):
;; @005a                               brif v1, block1, block3
;;
;;                                 block1:
;; @005c                               v2 = iconst.i32 1
;; @005e                               return v2  ; v2 = 1
;;
;;                                 block3:
;; @0060                               v3 = iconst.i32 2
;; @0062                               return v3  ; v3 = 2
;; }
;; function u0:5(i64 vmctx, i32) -> i32 tail {
;;                                 block0(v0: i64, v1: i32):
;; @0067                               v2 = iconst.i32 0
;; @006a                               jump block1(v2, v1)  ; v2 = 0
;;
;;                                 block1(v3: i32, v4: i32):
;; @0070                               v5 = iadd v3, v4
;; @0075                               v6 = iconst.i32 1
;; @0077                               v7 = isub v4, v6  ; v6 = 1
;; @007a                               brif v7, block1(v5, v7), block2
;;
;;                                 block2:
;; @007f                               return v5
;; }
;; function u0:6(i64 vmctx, i32) -> i32 tail {
;;                                 block0(v0: i64, v1: i32):
;; @008a                               br_table v1, block1, [block2, block3, block2]
;;
;;                                 block1:
;; @0091                               v2 = iconst.i32 3
;; @0093                               return v2  ; v2 = 3
;;
;;                                 block3:
;; @0095                               v3 = iconst.i32 2
;; @0097                               return v3  ; v3 = 2
;;
;;                                 block2:
;; @0099                               v4 = iconst.i32 1
;; @009b                               return v4  ; v4 = 1
;; }
;; function u0:7(i64 vmctx, i32) -> i32 tail {
;;                                 block0(v0: i64, v1: i32):
;; @00a2                               v2 = iconst.i32 7
;; @00a6                               br_table v1, block2, [block2, block4]
;;
;;                                 block2:
;; @00a6                               jump block1(v2)  ; v2 = 7
;;
;;                                 block4:
;; @00a6                               jump block3(v2)  ; v2 = 7
;;
;;                                 block3(v4: i32):
;; @00ac                               v5 = iconst.i32 1
;; @00ae                               v6 = iadd v4, v5  ; v5 = 1
;; @00af                               jump block1(v6)
;;
;;                                 block1(v3: i32):
;; @00b0                               return v3
;; }
;; function u0:8(i64 vmctx) -> i32 tail {
;;                                 block0(v0: i64):
;; @00b3                               v1 = iconst.i32 1
;; @00b5                               return v1  ; v1 = 1
;; }
