;;! x86_64 optimized faults
;;! aarch64 machine faults

;; Functions are in objects by id: what is loaded is looked up, and compared with the type of the field.
(module
  (type $f (func (result i32)))
  (type $open (sub (func (result i32))))
  (type $s (struct (field (mut (ref $f))) (field (mut (ref null $open)))))
  (func $call (param (ref $s)) (result i32)
    (call_ref $f (struct.get $s 0 (local.get 0))))
  (func $get (param (ref $s)) (result (ref null $open))
    (struct.get $s 1 (local.get 0)))
  (func $set (param (ref $s) (ref $f))
    (struct.set $s 0 (local.get 0) (local.get 1))))
;;= x86_64 optimized faults
;; function u0:0(i64 vmctx, i32) -> i32 tail {
;;     region0 = 3 "heap"
;;     region1 = 10 "functions"
;;     region2 = 0 "store"
;;     sig0 = (i64 vmctx) -> i32 tail
;;
;;                                 block0(v0: i64, v1: i32):
;;                                     v3 = load.i64 notrap aligned readonly can_move v0
;;                                     v4 = load.i64 notrap aligned readonly can_move v3+40
;; @003e                               v2 = uextend.i64 v1
;; @003e                               v5 = iadd v4, v2
;; @003e                               v6 = load.i32 user14 little region0 v5+8
;; @003e                               v7 = load.i64 notrap aligned region1 v3+80
;; @003e                               v8 = load.i32 notrap aligned region1 v3+88
;; @003e                               v9 = band v6, v8
;; @003e                               v10 = uextend.i64 v9
;; @003e                               v11 = iconst.i64 4
;; @003e                               v12 = ishl v10, v11  ; v11 = 4
;; @003e                               v13 = iadd v7, v12
;; @003e                               v14 = load.i64 notrap aligned region1 v13
;; @003e                               v15 = load.i32 notrap aligned region1 v13+8
;; @003e                               v16 = load.i32 notrap aligned readonly can_move v0+32
;; @003e                               v17 = icmp eq v15, v16
;; @003e                               trapz v17, user19
;; @0042                               v18 = load.i64 notrap aligned v14
;; @0042                               v19 = load.i64 notrap aligned v14+8
;; @0042                               store notrap aligned region2 v0, v3+16
;; @0042                               v20 = call_indirect sig0, v18(v19)
;; @0044                               return v20
;; }
;; function u0:1(i64 vmctx, i32) -> i64 tail {
;;     region0 = 3 "heap"
;;     region1 = 10 "functions"
;;     region2 = 6 "displays"
;;
;;                                 block0(v0: i64, v1: i32):
;;                                     v3 = load.i64 notrap aligned readonly can_move v0
;;                                     v4 = load.i64 notrap aligned readonly can_move v3+40
;; @0049                               v2 = uextend.i64 v1
;; @0049                               v5 = iadd v4, v2
;; @0049                               v6 = load.i32 user14 little region0 v5+12
;; @0049                               v7 = load.i64 notrap aligned region1 v3+80
;; @0049                               v8 = load.i32 notrap aligned region1 v3+88
;; @0049                               v9 = band v6, v8
;; @0049                               v10 = uextend.i64 v9
;; @0049                               v11 = iconst.i64 4
;; @0049                               v12 = ishl v10, v11  ; v11 = 4
;; @0049                               v13 = iadd v7, v12
;; @0049                               v14 = load.i64 notrap aligned region1 v13
;; @0049                               v15 = load.i32 notrap aligned region1 v13+8
;; @0049                               v16 = load.i32 notrap aligned readonly can_move v0+36
;; @0049                               v17 = icmp eq v15, v16
;; @0049                               brif v17, block2(v17), block1
;;
;;                                 block1 cold:
;; @0049                               v20 = load.i64 notrap aligned readonly can_move v3+64
;; @0049                               v21 = load.i64 notrap aligned region2 v20
;; @0049                               v22 = load.i32 notrap aligned region2 v21+28
;; @0049                               v23 = icmp.i32 uge v15, v22
;; @0049                               v24 = iconst.i32 0
;; @0049                               v25 = select_spectre_guard v23, v24, v15  ; v24 = 0
;; @0049                               v26 = uextend.i64 v25
;; @0049                               v27 = iconst.i64 5
;; @0049                               v28 = ishl v26, v27  ; v27 = 5
;; @0049                               v29 = iadd v21, v28
;; @0049                               v30 = load.i32 notrap aligned region2 v29
;; @0049                               v31 = icmp eq v30, v16
;; @0049                               jump block2(v31)
;;
;;                                 block2(v18: i8):
;; @0049                               v32 = iconst.i64 0
;; @0049                               v33 = icmp.i64 eq v14, v32  ; v32 = 0
;; @0049                               v34 = bor v18, v33
;; @0049                               trapz v34, user19
;; @004d                               return v14
;; }
;; function u0:2(i64 vmctx, i32, i64) tail {
;;     region0 = 3 "heap"
;;
;;                                 block0(v0: i64, v1: i32, v2: i64):
;;                                     v4 = load.i64 notrap aligned readonly can_move v0
;; @0054                               v7 = iconst.i64 72
;; @0054                               v8 = iadd v4, v7  ; v7 = 72
;; @0054                               v9 = select v2, v2, v8
;; @0054                               v10 = load.i32 notrap aligned v9+20
;;                                     v5 = load.i64 notrap aligned readonly can_move v4+40
;; @0054                               v3 = uextend.i64 v1
;; @0054                               v6 = iadd v5, v3
;; @0054                               store user14 little region0 v10, v6+8
;; @0058                               return
;; }
;;= aarch64 machine faults
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   ldr x0, [x2]
;;   ldr x1, [x0, #40]
;;   add x1, x1, x3, UXTW
;;   ldr w3, [x1, #8]
;;   ldr x1, [x0, #80]
;;   ldr w4, [x0, #88]
;;   and w3, w3, w4
;;   mov w3, w3
;;   lsl x4, x3, #4
;;   add x3, x1, x3, LSL 4
;;   ldr x1, [x1, x4]
;;   ldr w3, [x3, #8]
;;   ldr w4, [x2, #32]
;;   mov x5, x2
;;   subs wzr, w3, w4
;;   b.ne #trap=user19
;;   ldr x3, [x1]
;;   ldr x2, [x1, #8]
;;   mov x1, x5
;;   str x1, [x0, #16]
;;   blr x3
;;   ldp fp, lr, [sp], #16
;;   ret
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   ldr x0, [x2]
;;   ldr x1, [x0, #40]
;;   add x1, x1, x3, UXTW
;;   ldr w3, [x1, #12]
;;   ldr x1, [x0, #80]
;;   ldr w4, [x0, #88]
;;   and w3, w3, w4
;;   mov w3, w3
;;   lsl x4, x3, #4
;;   add x5, x1, x3, LSL 4
;;   ldr x3, [x1, x4]
;;   ldr w4, [x5, #8]
;;   ldr w1, [x2, #36]
;;   subs wzr, w4, w1
;;   cset x2, eq
;;   subs wzr, w4, w1
;;   b.eq label1 ; b label2
;; block1:
;;   b label3
;; block3:
;;   subs xzr, x3, #0
;;   cset x0, eq
;;   orr w0, w2, w0
;;   ands wzr, w0, #255
;;   b.eq #trap=user19
;;   mov x2, x3
;;   ldp fp, lr, [sp], #16
;;   ret
;; block2:
;;   ldr x0, [x0, #64]
;;   ldr x0, [x0]
;;   ldr w2, [x0, #28]
;;   movz w5, #0
;;   subs wzr, w4, w2
;;   csel x2, x5, x4, hs
;;   mov w2, w2
;;   lsl x2, x2, #5
;;   ldr w0, [x0, x2]
;;   subs wzr, w0, w1
;;   cset x2, eq
;;   b label3
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   ldr x9, [x2]
;;   add x10, x9, #72
;;   subs xzr, x4, xzr
;;   csel x10, x4, x10, ne
;;   ldr w10, [x10, #20]
;;   ldr x11, [x9, #40]
;;   add x11, x11, x3, UXTW
;;   str w10, [x11, #8]
;;   ldp fp, lr, [sp], #16
;;   ret
