;; A call in a try_table ends its block; throwing to a clause of the same function is a jump.
;;! x86_64 clif faults
;;! aarch64 machine faults

(module
  (tag $t (param i32))
  (func $callee (param i32) (result i32) (local.get 0))
  (func $throw (param i32) (throw $t (local.get 0)))
  (func $catch (param i32) (result i32)
    (block $h (result i32)
      (try_table (result i32) (catch $t $h)
        (call $callee (local.get 0)))
      (return))
    (i32.add (local.get 0)))
  (func $local (param i32) (result i32)
    (block $h (result i32)
      (try_table (result i32) (catch $t $h)
        (throw $t (local.get 0))))))
;;= x86_64 clif faults
;; function u0:0(i64 vmctx, i32) -> i32 tail {
;;                                 block0(v0: i64, v1: i32):
;; @0027                               return v1
;; }
;; function u0:1(i64 vmctx, i32) tail {
;;     region0 = 5 "allocation"
;;     region1 = 4 "heap headers"
;;     region2 = 3 "heap"
;;     sig0 = (i64 vmctx, i64) -> i64 system_v
;;     sig1 = (i64 vmctx, i32) preserve_all
;;
;;                                 block0(v0: i64, v1: i32):
;;                                     v2 = load.i64 notrap aligned readonly can_move v0
;;                                     v10 = load.i64 notrap aligned readonly can_move v0+8
;;                                     v17 = load.i64 notrap aligned readonly can_move v2+40
;; @002c                               v3 = load.i32 notrap aligned region0 v2+56
;; @002c                               v4 = iconst.i32 16
;; @002c                               v5 = iadd v3, v4  ; v4 = 16
;; @002c                               v6 = load.i32 notrap aligned region0 v2+60
;; @002c                               v7 = icmp ult v6, v5
;; @002c                               brif v7, block2, block1
;;
;;                                 block1:
;; @002c                               store.i32 notrap aligned region0 v5, v2+56
;; @002c                               jump block3(v3)
;;
;;                                 block2 cold:
;; @002c                               v9 = iconst.i64 16
;; @002c                               v11 = load.i64 notrap aligned readonly can_move v10+80
;; @002c                               v12 = call_indirect sig0, v11(v0, v9)  ; v9 = 16
;; @002c                               v13 = ireduce.i32 v12
;; @002c                               jump block3(v13)
;;
;;                                 block3(v8: i32):
;; @002c                               v14 = iconst.i32 19
;; @002c                               v15 = load.i32 notrap aligned readonly can_move v0+32
;; @002c                               v16 = uextend.i64 v8
;; @002c                               v18 = iadd.i64 v17, v16
;; @002c                               store notrap little region1 v14, v18  ; v14 = 19
;; @002c                               v19 = uextend.i64 v8
;; @002c                               v20 = iadd.i64 v17, v19
;; @002c                               store notrap little region1 v15, v20+4
;; @002c                               v21 = load.i32 notrap aligned readonly can_move v0+40
;; @002c                               v22 = uextend.i64 v8
;; @002c                               v23 = iadd.i64 v17, v22
;; @002c                               store notrap little region2 v21, v23+8
;; @002c                               v24 = uextend.i64 v8
;; @002c                               v25 = iadd.i64 v17, v24
;; @002c                               store.i32 notrap little region2 v1, v25+12
;; @002c                               v26 = load.i64 notrap aligned readonly can_move v10+120
;; @002c                               call_indirect sig1, v26(v0, v8)
;; @002c                               trap user10
;; }
;; function u0:2(i64 vmctx, i32) -> i32 tail {
;;     region0 = 3 "heap"
;;     sig0 = (i64 vmctx, i32) -> i32 tail
;;     fn0 = colocated u0:0 sig0
;;
;;                                 block0(v0: i64, v1: i32):
;;                                     v6 = load.i64 notrap aligned readonly can_move v0
;;                                     v7 = load.i64 notrap aligned readonly can_move v6+40
;; @0033                               jump block1
;;
;;                                 block3(v3: i64) cold:
;; @0033                               v4 = ireduce.i32 v3
;; @0033                               v5 = uextend.i64 v4
;; @0033                               v8 = iadd.i64 v7, v5
;; @0033                               v9 = load.i32 user14 little region0 v8+12
;; @0033                               jump block2(v9)
;;
;;                                 block1:
;; @003b                               try_call fn0(v0, v1), sig0, block4(ret0), [ context v0, tag40: block3(exn0) ]
;;
;;                                 block4(v10: i32):
;; @003e                               return v10
;;
;;                                 block2(v2: i32):
;; @0042                               v11 = iadd v2, v1
;; @0043                               return v11
;; }
;; function u0:3(i64 vmctx, i32) -> i32 tail {
;;     region0 = 3 "heap"
;;
;;                                 block0(v0: i64, v1: i32):
;;                                     v6 = load.i64 notrap aligned readonly can_move v0
;;                                     v7 = load.i64 notrap aligned readonly can_move v6+40
;; @0048                               jump block1
;;
;;                                 block3(v3: i64) cold:
;; @0048                               v4 = ireduce.i32 v3
;; @0048                               v5 = uextend.i64 v4
;; @0048                               v8 = iadd.i64 v7, v5
;; @0048                               v9 = load.i32 user14 little region0 v8+12
;; @0048                               jump block2(v9)
;;
;;                                 block1:
;; @0050                               jump block2(v1)
;;
;;                                 block2(v2: i32):
;; @0054                               return v2
;; }
;;= aarch64 machine faults
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   mov x2, x3
;;   ldp fp, lr, [sp], #16
;;   ret
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 32 }
;;   str x23, [sp, #-16]!
;;   unwind SaveReg { clobber_offset: 16, reg: p23i }
;;   stp x19, x21, [sp, #-16]!
;;   unwind SaveReg { clobber_offset: 0, reg: p19i }
;;   unwind SaveReg { clobber_offset: 8, reg: p21i }
;; block0:
;;   mov x21, x2
;;   mov x23, x3
;;   ldr x19, [x2]
;;   ldr w1, [x19, #56]
;;   ldr w0, [x19, #60]
;;   add w2, w1, #16
;;   subs wzr, w0, w2
;;   b.lo label2 ; b label1
;; block1:
;;   add w0, w1, #16
;;   str w0, [x19, #56]
;;   b label3
;; block2:
;;   mov x2, x21
;;   ldr x0, [x2, #8]
;;   ldr x2, [x0, #80]
;;   movz x1, #16
;;   mov x0, x21
;;   blr x2
;;   mov x1, x0
;;   b label3
;; block3:
;;   movz w2, #19
;;   ldr x3, [x19, #40]
;;   add x0, x3, x1, UXTW
;;   str w2, [x3, w1, UXTW]
;;   mov x2, x21
;;   ldr w3, [x2, #32]
;;   str w3, [x0, #4]
;;   ldr w3, [x2, #40]
;;   str w3, [x0, #8]
;;   mov x3, x23
;;   str w3, [x0, #12]
;;   ldr x0, [x2, #8]
;;   ldr x3, [x0, #120]
;;   mov x0, x2
;;   blr x3
;;   udf #0xc11f
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 144 }
;;   stp x27, x28, [sp, #-16]!
;;   unwind SaveReg { clobber_offset: 128, reg: p27i }
;;   unwind SaveReg { clobber_offset: 136, reg: p28i }
;;   stp x25, x26, [sp, #-16]!
;;   unwind SaveReg { clobber_offset: 112, reg: p25i }
;;   unwind SaveReg { clobber_offset: 120, reg: p26i }
;;   stp x23, x24, [sp, #-16]!
;;   unwind SaveReg { clobber_offset: 96, reg: p23i }
;;   unwind SaveReg { clobber_offset: 104, reg: p24i }
;;   stp x21, x22, [sp, #-16]!
;;   unwind SaveReg { clobber_offset: 80, reg: p21i }
;;   unwind SaveReg { clobber_offset: 88, reg: p22i }
;;   stp x19, x20, [sp, #-16]!
;;   unwind SaveReg { clobber_offset: 64, reg: p19i }
;;   unwind SaveReg { clobber_offset: 72, reg: p20i }
;;   stp d14, d15, [sp, #-16]!
;;   unwind SaveReg { clobber_offset: 48, reg: p14f }
;;   unwind SaveReg { clobber_offset: 56, reg: p15f }
;;   stp d12, d13, [sp, #-16]!
;;   unwind SaveReg { clobber_offset: 32, reg: p12f }
;;   unwind SaveReg { clobber_offset: 40, reg: p13f }
;;   stp d10, d11, [sp, #-16]!
;;   unwind SaveReg { clobber_offset: 16, reg: p10f }
;;   unwind SaveReg { clobber_offset: 24, reg: p11f }
;;   stp d8, d9, [sp, #-16]!
;;   unwind SaveReg { clobber_offset: 0, reg: p8f }
;;   unwind SaveReg { clobber_offset: 8, reg: p9f }
;;   sub sp, sp, #16
;;   unwind StackAlloc { size: 16 }
;; block0:
;;   str x2, [sp]
;;   str x3, [sp, #8]
;;   b label1
;; block1:
;;   ldr x2, [sp]
;;   ldr x3, [sp, #8]
;;   bl 0; b MachLabel(2); catch [context stack0, tag40: MachLabel(3)]
;; block2:
;;   add sp, sp, #16
;;   ldp d8, d9, [sp], #16
;;   ldp d10, d11, [sp], #16
;;   ldp d12, d13, [sp], #16
;;   ldp d14, d15, [sp], #16
;;   ldp x19, x20, [sp], #16
;;   ldp x21, x22, [sp], #16
;;   ldp x23, x24, [sp], #16
;;   ldp x25, x26, [sp], #16
;;   ldp x27, x28, [sp], #16
;;   ldp fp, lr, [sp], #16
;;   ret
;; block4:
;;   ldr x14, [sp, #8]
;;   add w2, w15, w14
;;   add sp, sp, #16
;;   ldp d8, d9, [sp], #16
;;   ldp d10, d11, [sp], #16
;;   ldp d12, d13, [sp], #16
;;   ldp d14, d15, [sp], #16
;;   ldp x19, x20, [sp], #16
;;   ldp x21, x22, [sp], #16
;;   ldp x23, x24, [sp], #16
;;   ldp x25, x26, [sp], #16
;;   ldp x27, x28, [sp], #16
;;   ldp fp, lr, [sp], #16
;;   ret
;; block3:
;;   ldr x2, [sp]
;;   ldr x15, [x2]
;;   ldr x15, [x15, #40]
;;   add x15, x15, x0, UXTW
;;   ldr w15, [x15, #12]
;;   b label4
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   b label1
;; block1:
;;   b label2
;; block2:
;;   mov x2, x3
;;   ldp fp, lr, [sp], #16
;;   ret
